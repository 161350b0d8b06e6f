import type { EpochMs } from '@handoff/contracts';
import { worstHealthOf, type HealthCheck, type HealthSeverity } from '@handoff/validation';

/** What a look has found. */
export interface HealthReport {
  readonly at: EpochMs;
  readonly checks: readonly HealthCheck[];
}

export const severityOf = ({ checks }: HealthReport): HealthSeverity => worstHealthOf(checks.map(({ severity }) => severity));
