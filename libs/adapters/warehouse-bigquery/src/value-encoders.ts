import type { Column, ColumnType } from '@handoff/contracts';
import { isDay, jsonText } from '@handoff/portable-sql';

type TextOf = (value: unknown) => string | undefined;

/** A value as BigQuery reads it from the text of a parameter; `undefined` for one that is not of the type. */
export const valueTexts: Readonly<Record<ColumnType, TextOf>> = {
  STRING: (value) => (typeof value === 'string' ? value : undefined),
  INT64: (value) => (Number.isSafeInteger(value) ? String(value) : undefined),
  FLOAT64: (value) => (Number.isFinite(value) ? String(value) : undefined),
  BOOL: (value) => (typeof value === 'boolean' ? String(value) : undefined),
  DATE: (value) => (isDay(value) ? String(value) : undefined),
  TIMESTAMP: (value) => (Number.isSafeInteger(value) ? new Date(Number(value)).toISOString() : undefined),
  JSON: jsonText,
};

/** Part of a query parameter's value, as the REST interface has it. */
export interface ParameterValue {
  readonly value?: string | null;
  readonly arrayValues?: readonly ParameterValue[];
  readonly structValues?: Readonly<Record<string, ParameterValue>>;
}

/** Writes the values of a column for a query parameter. */
export function parameterEncoder({ type, mode }: Column): (value: unknown) => ParameterValue | undefined {
  const textOf = valueTexts[type];
  const encode = (value: unknown): ParameterValue | undefined => {
    const text = textOf(value);
    return text === undefined ? undefined : { value: text };
  };
  if (mode !== 'REPEATED') return encode;
  return (value) => {
    const items = elements(value, encode);
    return items === undefined ? undefined : { arrayValues: items };
  };
}

/** Writes the values of a column for a line of a load job, where JSON stands as itself. */
export function lineEncoder({ type, mode }: Column): (value: unknown) => unknown {
  const textOf = valueTexts[type];
  const encode = (value: unknown): unknown => {
    const text = textOf(value);
    if (text === undefined) return undefined;
    return type === 'JSON' || type === 'BOOL' ? value : text;
  };
  return mode === 'REPEATED' ? (value) => elements(value, encode) : encode;
}

function elements<Item>(value: unknown, encode: (item: unknown) => Item | undefined): readonly Item[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item: unknown) => encode(item));
  return items.every((item) => item !== undefined) ? items : undefined;
}
