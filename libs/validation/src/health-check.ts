import type { HealthCheckName, Severity } from '@handoff/catalogue';

/** `ok` is no severity of an alert: nothing is told. */
export type HealthSeverity = 'ok' | Exclude<Severity, 'info'>;

/** What one check has found, with what it saw. */
export interface HealthCheck {
  readonly name: HealthCheckName;
  readonly severity: HealthSeverity;
  /** One line for people. */
  readonly summary: string;
  readonly evidence: Readonly<Record<string, string | number | null | readonly string[]>>;
}

const ranks: readonly HealthSeverity[] = ['ok', 'warning', 'error', 'critical'];

export const worstHealthOf = (severities: readonly HealthSeverity[]): HealthSeverity => severities.reduce<HealthSeverity>((worst, one) => (ranks.indexOf(one) > ranks.indexOf(worst) ? one : worst), 'ok');
