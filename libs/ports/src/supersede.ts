import type { TableDefinition } from '@handoff/contracts';
import type { MergeRequest, Superseded } from './warehouse.ts';

/** The request without the units that a later writer has written: neither their rows nor a deletion in them. */
export function supersede(table: TableDefinition, request: MergeRequest, superseded: readonly Superseded[]): MergeRequest {
  if (superseded.length === 0) return request;
  const unit = request.order?.unit;
  const names = new Set(superseded.map(nameOf));
  const isSuperseded = (partition: string, value: string | undefined): boolean => names.has(nameOf({ partition, ...(value === undefined ? {} : { unit: value }) }));
  const rows = request.rows.filter((row) => !isSuperseded(String(row[table.partition]), unit === undefined ? undefined : String(row[unit])));
  const scope = request.replaceScope;
  if (scope === undefined) return { ...request, rows };
  if (unit === undefined || scope.column !== unit) {
    return { ...request, rows, replaceScope: { ...scope, partitions: scope.partitions.filter((partition) => !superseded.some((one) => one.partition === partition)) } };
  }
  return { ...request, rows, replaceScope: { ...scope, values: (scope.values ?? []).filter((value) => !superseded.some((one) => one.unit === value)) } };
}

const nameOf = ({ partition, unit }: Superseded): string => JSON.stringify([partition, unit ?? null]);
