import { refuseBadRef, type StateRef } from '@handoff/ports';

/**
 * The key of a document: its bytes as UTF-8, so that keys are ordered as Firestore orders names. Neither part
 * may hold the slash between them, so no two documents share a key and a collection is one range of keys.
 *
 * @throws `state-ref-invalid` (reject) for a name that Firestore would refuse too.
 */
export function keyOf(ref: StateRef): string {
  refuseBadRef(ref);
  return `${ref.collection}/${ref.id}`;
}

/** Where the documents of a collection start and, exclusively, end: `0` is the character after the slash. */
export const rangeOf = (collection: string): { readonly start: string; readonly end: string } => ({ start: `${collection}/`, end: `${collection}0` });

export const collectionOf = (key: string): string => key.slice(0, key.indexOf('/'));

export const idOf = (key: string): string => key.slice(key.indexOf('/') + 1);

/** Whole strings as UTF-8; lmdb's own encoding of strings has no room for a NUL. */
export const utf8Keys = {
  writeKey: (key: string, target: Buffer, start: number): number => start + target.write(key, start, 'utf8'),
  readKey: (source: Buffer, start: number, end: number): string => source.toString('utf8', start, end),
};

/** Orders by the bytes of UTF-8. That is the order of code units but for surrogates, whose characters come after all others. */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const [first, second] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (first === second) continue;
    const [isFirstAstral, isSecondAstral] = [isSurrogate(first), isSurrogate(second)];
    if (isFirstAstral !== isSecondAstral) return isFirstAstral ? 1 : -1;
    return first - second;
  }
  return left.length - right.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
