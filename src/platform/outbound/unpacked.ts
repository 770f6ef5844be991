import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type InputType, type ZlibOptions } from 'node:zlib';

type Unpack = (packed: InputType, options: ZlibOptions) => Promise<Buffer>;

const UNPACKERS: Readonly<Record<string, Unpack>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * The body as it was before it was compressed for the way; as it came when it was not, or by a way we do not know.
 *
 * @throws ERR_BUFFER_TOO_LARGE when it would be more than `maxBytes`, or the decompressor's own error
 */
export async function unpacked(body: Buffer, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  const encoding = contentEncoding.trim().toLowerCase();
  const unpack = Object.hasOwn(UNPACKERS, encoding) ? UNPACKERS[encoding] : undefined;
  return unpack ? unpack(body, { maxOutputLength: maxBytes }) : body;
}
