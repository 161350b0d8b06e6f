import type { protos } from '@google-cloud/firestore-api';
import { expiryField, type StateDocument } from '@handoff/ports';
import { arrayMark, escapeName, unescapeName } from './names.ts';

export type FirestoreValue = protos.google.firestore.v1.IValue;
export type FirestoreFields = Record<string, FirestoreValue>;

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The fields of a document, which is taken as JSON: what is undefined is dropped, as JSON drops it. An array inside
 * an array, which Firestore refuses, goes as a map with the one field `[]`.
 */
export const encodeDocument = (document: StateDocument): FirestoreFields => encodeFields(JSON.parse(JSON.stringify(document)) as Readonly<Record<string, Json>>);

/** The document that some fields are, without the one that is the store's own. */
export const decodeDocument = (fields: FirestoreFields | null | undefined): StateDocument =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => name !== expiryField).map(([name, value]) => [unescapeName(name), decodeValue(value)]));

/** Whole numbers as integers, so that they are exact; Firestore compares both kinds of number by value. */
export const encodeNumber = (value: number): FirestoreValue => (Number.isSafeInteger(value) ? { integerValue: String(value) } : { doubleValue: value });

export function encodeScalar(value: string | number | boolean | null): FirestoreValue {
  if (value === null) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'boolean' ? { booleanValue: value } : encodeNumber(value);
}

const encodeFields = (map: Readonly<Record<string, Json>>): FirestoreFields => Object.fromEntries(Object.entries(map).map(([name, value]) => [escapeName(name), encodeValue(value)]));

function encodeValue(value: Json): FirestoreValue {
  if (value === null || typeof value !== 'object') return encodeScalar(value);
  if (isList(value)) return encodeList(value);
  return { mapValue: { fields: encodeFields(value) } };
}

const encodeList = (list: readonly Json[]): FirestoreValue => ({
  arrayValue: { values: list.map((value) => (isList(value) ? { mapValue: { fields: { [arrayMark]: encodeList(value) } } } : encodeValue(value))) },
});

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** @throws RangeError for a value that only another writer than we can have stored. */
function decodeValue({ stringValue, integerValue, doubleValue, booleanValue, nullValue, arrayValue, mapValue }: FirestoreValue): Json {
  if (isSet(stringValue)) return stringValue;
  if (isSet(integerValue)) return Number(integerValue);
  if (isSet(doubleValue)) return doubleValue;
  if (isSet(booleanValue)) return booleanValue;
  if (isSet(nullValue)) return null;
  if (isSet(arrayValue)) return (arrayValue.values ?? []).map(decodeValue);
  if (isSet(mapValue)) return decodeMap(mapValue.fields ?? {});
  throw new RangeError("a stored value is of a type that is not JSON's");
}

const isSet = <Value>(value: Value | null | undefined): value is Value => value !== undefined && value !== null;

function decodeMap(fields: FirestoreFields): Json {
  const marked = fields[arrayMark];
  return marked === undefined ? (decodeDocument(fields) as Readonly<Record<string, Json>>) : decodeValue(marked);
}
