/** What a command prints as JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Where something is not as wanted: `pushConfig.pushEndpoint`, what is there, and what should be. */
export interface Difference {
  readonly path: string;
  /** Undefined: nothing. */
  readonly found: Json | undefined;
  readonly wanted: Json;
}

const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/**
 * Where `found` lacks what is wanted. What is there besides is no difference: services add fields of their own. A list
 * has to hold something that fits each that is wanted, in whatever order.
 */
export function differencesOf(wanted: Json, found: Json | undefined, path = ''): readonly Difference[] {
  if (isObject(wanted) && isObject(found)) return Object.entries(wanted).flatMap(([name, value]) => differencesOf(value, found[name], path === '' ? name : `${path}.${name}`));
  if (isList(wanted) && isList(found)) return wanted.flatMap((one): readonly Difference[] => (found.some((other) => fits(one, other)) ? [] : [{ path: path === '' ? '(list)' : path, found: undefined, wanted: one }]));
  return isSame(wanted, found) ? [] : [{ path, found, wanted }];
}

export const fits = (wanted: Json, found: Json | undefined): boolean => differencesOf(wanted, found).length === 0;

/** 64-bit numbers are printed as text by some services and as numbers by others. */
function isSame(wanted: Json, found: Json | undefined): boolean {
  if (isObject(wanted) || isList(wanted)) return false;
  return wanted === found || (typeof wanted === 'number' && found === String(wanted));
}
