import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** Where lmdb's meta pages carry their stamp, and the first of them the size of a page: after the page's own header. */
const stampAt = 24;
const pageSizeAt = 48;
const stamp = 0xbe_ef_c0_de;

/**
 * True when the file is missing, empty, or begins with the two meta pages of an lmdb environment. lmdb itself maps
 * whatever it is given into memory, and a file that is no environment ends the process.
 */
export function isEnvironmentFile(file: string): boolean {
  if (!existsSync(file)) return true;
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(2 * 65_536);
    const length = readSync(descriptor, head, 0, head.length, 0);
    if (length === 0) return true;
    if (length < pageSizeAt + 4 || head.readUInt32LE(stampAt) !== stamp) return false;
    const secondAt = head.readUInt32LE(pageSizeAt) + stampAt;
    return secondAt + 4 <= length && head.readUInt32LE(secondAt) === stamp;
  } finally {
    closeSync(descriptor);
  }
}
