import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { malformed } from './malformed.ts';

/** Whether bytes begin with the header of gzip (RFC 1952). */
export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b && (head.length < 3 || head[2] === 8);

/** Unpacks gzip as it arrives. Throws 'malformed-data' for damage and an early end; errors of the source are passed on. */
export async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip({ chunkSize: 1 << 16 });
  // A failure of either side is thrown by the loop below, which reads the unpacked side.
  pipeline(Readable.from(bytes, { objectMode: true, highWaterMark: 1 }), unzip).catch(() => {});
  try {
    yield* unzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw asProblem(error);
  }
}

function asProblem(error: unknown): unknown {
  const { code } = error as { code?: string };
  if (code === 'Z_BUF_ERROR') return malformed('The gzip archive ends early: it was cut off while it was made or sent.');
  if (code?.startsWith('Z_')) return malformed(`The gzip archive is damaged (${(error as Error).message}).`);
  return error;
}
