import { expiryField, refuseBadRef, type StateRef } from '@handoff/ports';

/** What stands for an array inside an array; no escaped name is equal to it. */
export const arrayMark = '[]';

/** Names that Firestore keeps for itself, the empty one that it refuses, our own mark, and the field of our own; also when escaped already. */
const taken = `(__.*__|\\[\\]|${expiryField})?`;
const needsEscape = new RegExp(`^${taken}\\0*$`, 's');
const isEscaped = new RegExp(`^${taken}\\0+$`, 's');

/**
 * A name that Firestore takes, for any name: one more NUL at the end of those that it would not take. Two names
 * stay two, and stay in the order of their bytes, NUL being the least of them.
 */
export const escapeName = (name: string): string => (needsEscape.test(name) ? `${name}\0` : name);
export const unescapeName = (name: string): string => (isEscaped.test(name) ? name.slice(0, -1) : name);

/**
 * The path of a document below the database's documents.
 *
 * @throws `state-ref-invalid` (reject).
 */
export function pathOf(ref: StateRef): string {
  refuseBadRef(ref);
  return `${escapeName(ref.collection)}/${escapeName(ref.id)}`;
}

/** The id at the end of a document's full name. */
export const idOf = (fullName: string): string => unescapeName(fullName.slice(fullName.lastIndexOf('/') + 1));

/** A field as queries and transforms name it: quoted unless it is a plain identifier. */
export function fieldPathOf(field: string): string {
  const name = escapeName(field);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
