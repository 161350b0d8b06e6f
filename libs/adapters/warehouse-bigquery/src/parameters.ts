import type { ColumnType } from '@handoff/contracts';
import { statementRefused } from '@handoff/portable-sql';
import type { Parameter, Parameters } from '@handoff/ports';
import type { QueryParameter } from './row-parameter.ts';
import { valueTexts } from './value-encoders.ts';

/** Parameters as the client's query takes them. The types go with them: an empty list and a NULL have none of their own. */
export interface ClientParameters {
  readonly params: Record<string, unknown>;
  readonly types: Record<string, string | string[]>;
}

/**
 * The parameters that a statement uses, those that it does not use left out.
 *
 * @throws `warehouse-statement-refused` for one that is used and not given, or whose value is not of its type.
 */
export function clientParameters(used: ReadonlySet<string>, given: Parameters, doing: string): ClientParameters {
  const params: Record<string, unknown> = {};
  const types: Record<string, string | string[]> = {};
  for (const { name, parameter, texts } of texted(used, given, doing)) {
    const { type, isArray } = elementType(parameter.type);
    // The client reads the `value` of what it takes for a date or a time, and other values as they are.
    const wrapped = texts.map((text) => (text !== null && (type === 'DATE' || type === 'TIMESTAMP') ? { value: text } : text));
    params[name] = isArray ? wrapped : wrapped[0];
    types[name] = isArray ? [type] : type;
  }
  return { params, types };
}

/** The same for a job, in the words of the REST interface. */
export function jobParameters(used: ReadonlySet<string>, given: Parameters, doing: string): readonly QueryParameter[] {
  return texted(used, given, doing).map(({ name, parameter, texts }) => {
    const { type, isArray } = elementType(parameter.type);
    const values = texts.map((value) => ({ value }));
    if (isArray) return { name, parameterType: { type: 'ARRAY', arrayType: { type } }, parameterValue: { arrayValues: values } };
    return { name, parameterType: { type }, parameterValue: values[0] ?? { value: null } };
  });
}

interface Texted {
  readonly name: string;
  readonly parameter: Parameter;
  /** One text, or those of the elements. */
  readonly texts: readonly (string | null)[];
}

function texted(used: ReadonlySet<string>, given: Parameters, doing: string): readonly Texted[] {
  return [...used].map((name) => {
    const parameter = given[name];
    if (parameter === undefined) throw statementRefused(`${doing}: query parameter '${name}' not found: pass it`, { parameter: name });
    const { type, isArray } = elementType(parameter.type);
    const values: readonly unknown[] = isArray && Array.isArray(parameter.value) ? parameter.value : [parameter.value];
    const texts = values.map((value) => (value === null ? null : valueTexts[type](value)));
    if (!texts.every((text) => text !== undefined)) throw statementRefused(`${doing}: query parameter '${name}' is no ${parameter.type}`, { parameter: name });
    return { name, parameter, texts };
  });
}

function elementType(type: Parameter['type']): { readonly type: ColumnType; readonly isArray: boolean } {
  if (type === 'ARRAY<STRING>') return { type: 'STRING', isArray: true };
  if (type === 'ARRAY<DATE>') return { type: 'DATE', isArray: true };
  return { type, isArray: false };
}
