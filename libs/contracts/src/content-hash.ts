import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Row } from './table.ts';

/** SHA-256 of a text, hex. Pure, so that domain code may use it. */
export const hashOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/**
 * The content hash of a row: over its business columns, in the order given, as JSON.
 * A missing column counts as null.
 */
export const hashRow = (row: Row, business: readonly string[]): string =>
  hashOf(JSON.stringify(business.map((column) => row[column] ?? null)));

/** The content hash of a set of rows: over their own hashes, in ascending order, so the order of rows is no content. */
export const hashRows = (rows: readonly { readonly data_hash: string }[]): string =>
  hashOf(rows.map((row) => row.data_hash).toSorted().join('\n'));
