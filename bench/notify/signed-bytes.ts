/** The signed content in both directions: path and client are always the same. */
export function signedBytes(time: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`POST /notify\nTEST_5X00000000000000.${time}.`), body]);
}
