import type { Column, Row, TableDefinition } from '@handoff/contracts';
import type { Parameter } from '@handoff/ports';
import type { GivenParameters, RowsParameter } from '@handoff/warehouse-duckdb';
import { z } from 'zod';
import { invalid, notHere } from './rest-failure.ts';
import { columnTypeOf, readScalar } from './rest-values.ts';

interface ParameterType {
  readonly type: string;
  readonly arrayType?: ParameterType | undefined;
  readonly structTypes?: readonly { readonly name?: string | undefined; readonly type: ParameterType }[] | undefined;
}

interface ParameterValue {
  readonly value?: unknown;
  readonly arrayValues?: readonly ParameterValue[] | undefined;
  readonly structValues?: Readonly<Record<string, ParameterValue>> | undefined;
}

const Type: z.ZodType<ParameterType> = z.lazy(() => z.object({
  type: z.string(), arrayType: Type.optional(), structTypes: z.array(z.object({ name: z.string().optional(), type: Type })).optional(),
}));
const Value: z.ZodType<ParameterValue> = z.lazy(() => z.object({ value: z.unknown().optional(), arrayValues: z.array(Value).optional(), structValues: z.record(z.string(), Value).optional() }));

/** Named query parameters of the REST interface. */
export const QueryParameters = z.array(z.object({ name: z.string(), parameterType: Type, parameterValue: Value })).default([]);
type QueryParameters = z.infer<typeof QueryParameters>;

/**
 * Parameters as the engine takes them: scalars and arrays, and arrays of structs as rows.
 *
 * @throws a GoogleFailure for a type that the engine does not have.
 */
export function givenParameters(parameters: QueryParameters): GivenParameters {
  const values: Record<string, Parameter> = {};
  const rows: Record<string, RowsParameter> = {};
  for (const { name, parameterType, parameterValue } of parameters) {
    if (parameterType.arrayType?.type === 'STRUCT') rows[name] = rowsOf(name, parameterType.arrayType, parameterValue);
    else values[name] = valueOf(parameterType, parameterValue);
  }
  return { values, rows };
}

function valueOf({ type, arrayType }: ParameterType, given: ParameterValue): Parameter {
  if (type === 'ARRAY') {
    const element = arrayType?.type ?? '';
    if (element !== 'STRING' && element !== 'DATE') throw notHere(`parameters of type ARRAY<${element}>`);
    return { type: `ARRAY<${element}>`, value: (given.arrayValues ?? []).map(({ value }) => String(value)) };
  }
  const column = columnTypeOf(type);
  if (column === 'JSON') throw notHere('parameters of type JSON');
  // The engine looks at the value: one that is not of the type is refused there.
  return { type: column, value: readScalar(column, given.value) } as Parameter;
}

function rowsOf(name: string, struct: ParameterType, given: ParameterValue): RowsParameter {
  const columns = (struct.structTypes ?? []).map((field): Column => {
    if (field.name === undefined) throw invalid(`parameter ${name}: its fields have no names`);
    const repeated = field.type.type === 'ARRAY';
    return { name: field.name, type: columnTypeOf(repeated ? (field.type.arrayType?.type ?? '') : field.type.type), mode: repeated ? 'REPEATED' : 'NULLABLE' };
  });
  const table: TableDefinition = {
    name: `parameter.${name}`, description: '', row: z.object({}), columns, key: [], business: [], partition: '', cluster: [], partitionFilterRequired: false,
  };
  return { table, rows: (given.arrayValues ?? []).map(({ structValues = {} }) => rowOf(columns, structValues)) };
}

function rowOf(columns: readonly Column[], fields: Readonly<Record<string, ParameterValue>>): Row {
  return Object.fromEntries(columns.map(({ name, type, mode }) => {
    const field = fields[name];
    if (mode === 'REPEATED') return [name, (field?.arrayValues ?? []).map(({ value }) => readScalar(type, value))];
    const value = readScalar(type, field?.value);
    // JSON travels as text.
    return [name, type === 'JSON' && typeof value === 'string' ? (JSON.parse(value) as unknown) : value];
  }));
}
