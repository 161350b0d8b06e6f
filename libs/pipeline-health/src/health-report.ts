import { isoInstant, type EpochMs } from '@handoff/contracts';
import { worstHealthOf, type HealthCheck, type HealthSeverity } from '@handoff/validation';

/** What a look has found. */
export interface HealthReport {
  readonly at: EpochMs;
  readonly checks: readonly HealthCheck[];
}

export const severityOf = ({ checks }: HealthReport): HealthSeverity => worstHealthOf(checks.map(({ severity }) => severity));

export interface ShownCheck {
  readonly check: string;
  readonly severity: HealthSeverity;
  readonly summary: string;
  readonly evidence: HealthCheck['evidence'];
}

export interface ShownReport {
  readonly now: string;
  readonly severity: HealthSeverity;
  readonly checks: readonly ShownCheck[];
}

/** A report as the command line and the function answer it: with what each check saw. */
export const shownReport = (report: HealthReport): ShownReport => ({
  now: isoInstant(report.at), severity: severityOf(report), checks: report.checks.map(({ name, severity, summary, evidence }) => ({ check: name, severity, summary, evidence })),
});
