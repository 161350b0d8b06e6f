import type { ShownReport } from '@handoff/pipeline-health';
import type { HealthCheck, HealthSeverity } from '@handoff/validation';
import pc from 'picocolors';
import { exitCodes } from '../exit-codes.ts';
import { table } from './table.ts';

export interface ShownHealth<Schema extends string> extends ShownReport {
  readonly schema: Schema;
}

const exitCodesOf: Readonly<Record<HealthSeverity, number>> = { ok: exitCodes.ok, warning: exitCodes.warning, error: exitCodes.error, critical: exitCodes.error };

/** Design section 9: 0 ok, 1 warning, 2 error or critical. */
export const exitCodeOfSeverity = (severity: HealthSeverity): number => exitCodesOf[severity];

const colours: Readonly<Record<HealthSeverity, (text: string) => string>> = { ok: pc.green, warning: pc.yellow, error: pc.red, critical: pc.red };

export const coloured = (severity: HealthSeverity): string => colours[severity](severity);

/** A table, and below it the evidence of what is not well. */
export function renderChecks({ checks, now }: ShownHealth<string>): string {
  const evidence = checks.filter(({ severity }) => severity !== 'ok').flatMap((one) => ['', `${one.check}:`, ...Object.entries(one.evidence).flatMap(([name, value]) => linesOf(name, value))]);
  return [`At ${now}`, table(['check', 'severity', 'what it saw'], checks.map((one) => [one.check, coloured(one.severity), one.summary])), ...evidence].join('\n');
}

function linesOf(name: string, value: HealthCheck['evidence'][string]): readonly string[] {
  if (typeof value === 'object' && value !== null) return value.length === 0 ? [] : [`  ${name}:`, ...value.map((line) => `    ${line}`)];
  return [`  ${name}: ${String(value)}`];
}
