import fc from 'fast-check';

/** Where a value is in a JSON document: field names, and indexes of lists. */
export type Place = readonly (string | number)[];

/**
 * | way | the value at the place |
 * |---|---|
 * | dropped | is not there |
 * | renamed | is there under another name |
 * | null | is null |
 * | retyped | is of another JSON type |
 */
export type Way = 'dropped' | 'renamed' | 'null' | 'retyped';

export interface Broken {
  readonly place: Place;
  readonly way: Way;
  readonly value: unknown;
}

type Json = Readonly<Record<string, unknown>> | readonly unknown[];

const isBranch = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Every place of a document below its root. */
export function placesOf(value: unknown, above: Place = []): readonly Place[] {
  if (!isBranch(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = [...above, Array.isArray(value) ? Number(name) : name];
    return [place, ...placesOf(inner, place)];
  });
}

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);

const replacements: readonly unknown[] = ['text', '', 7, -1, 0.5, true, {}, { a: 1 }, [], [[]]];

/** A copy with one place broken. */
export function breakAt(document: unknown, place: Place, change: (inner: Record<string | number, unknown>, last: string | number) => void): unknown {
  const copy = structuredClone(document);
  const last = place.at(-1) ?? '';
  let inner = copy as Record<string | number, unknown>;
  for (const name of place.slice(0, -1)) inner = inner[name] as Record<string | number, unknown>;
  change(inner, last);
  return copy;
}

export function valueAt(document: unknown, place: Place): unknown {
  return place.reduce<unknown>((inner, name) => (inner as Record<string | number, unknown>)[name], document);
}

/**
 * A document that is broken at one place. Fields are dropped and renamed, list entries only replaced: a list that is
 * shorter is a document like any other.
 */
export function brokenShape(document: unknown, isPlace: (place: Place) => boolean = () => true): fc.Arbitrary<Broken> {
  const places = placesOf(document).filter(isPlace);
  return fc.constantFrom(...places).chain((place) => {
    const ways: readonly Way[] = typeof place.at(-1) === 'number' ? ['null', 'retyped'] : ['dropped', 'renamed', 'null', 'retyped'];
    const others = replacements.filter((one) => typeOf(one) !== typeOf(valueAt(document, place)));
    return fc.record({ way: fc.constantFrom(...ways), other: fc.constantFrom(...others) }).map(({ way, other }) => ({ place, way, value: brokenIn(document, place, way, other) }));
  });
}

function brokenIn(document: unknown, place: Place, way: Way, other: unknown): unknown {
  return breakAt(document, place, (inner, last) => {
    const before = inner[last];
    if (way === 'dropped' || way === 'renamed') Reflect.deleteProperty(inner, last);
    if (way === 'renamed') inner[`${last}_`] = before;
    if (way === 'null') inner[last] = null;
    if (way === 'retyped') inner[last] = other;
  });
}
