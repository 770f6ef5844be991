/** What both directions sign here: the path and the client are always the same. */
export function signedBytes(time: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`POST /notify\nTEST_5X00000000000000.${time}.`), body]);
}
