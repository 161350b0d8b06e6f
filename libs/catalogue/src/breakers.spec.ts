import { refuseBadPolicy } from '@handoff/circuit-breaker';
import { hours, minutes, seconds } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breakerKinds, breakerPolicies, CircuitBreakerConfig, circuitBreakerConfigOf, circuitBreakerVariables } from './index.ts';

const Environment = z.object(circuitBreakerVariables);
const configOf = (environment: Readonly<Record<string, string>>): CircuitBreakerConfig => circuitBreakerConfigOf(Environment.parse(environment));

describe('the numbers of the breakers', () => {
  it('are the documented ones where the environment says nothing', () => {
    expect(configOf({})).toEqual({
      entity_lockout_hours: 24, entity_failure_threshold: 5, auto_reset_on_data: true, processor_timeout_minutes: 30, processor_failure_threshold: 5,
      service_timeout_seconds: 300, service_failure_threshold: 5, service_trial_calls: 3, write_path_timeout_minutes: 30, write_path_conflict_pct: 50,
    });
    expect(configOf({})).toEqual(CircuitBreakerConfig.parse({}));
  });

  it.each<readonly [variable: string, value: string, field: keyof CircuitBreakerConfig, becomes: number | boolean]>([
    ['CIRCUIT_BREAKER_ENTITY_LOCKOUT_HOURS', '6', 'entity_lockout_hours', 6],
    ['CIRCUIT_BREAKER_ENTITY_THRESHOLD', '3', 'entity_failure_threshold', 3],
    ['CIRCUIT_BREAKER_AUTO_RESET', 'false', 'auto_reset_on_data', false],
    ['CIRCUIT_BREAKER_TIMEOUT_MINUTES', '15', 'processor_timeout_minutes', 15],
    ['CIRCUIT_BREAKER_THRESHOLD', '4', 'processor_failure_threshold', 4],
    ['CIRCUIT_BREAKER_SERVICE_TIMEOUT_SECONDS', '60', 'service_timeout_seconds', 60],
    ['CIRCUIT_BREAKER_SERVICE_THRESHOLD', '2', 'service_failure_threshold', 2],
    ['CIRCUIT_BREAKER_SERVICE_TRIAL_CALLS', '1', 'service_trial_calls', 1],
    ['CIRCUIT_BREAKER_WRITE_PATH_TIMEOUT_MINUTES', '45', 'write_path_timeout_minutes', 45],
    ['CIRCUIT_BREAKER_WRITE_PATH_CONFLICT_PCT', '25', 'write_path_conflict_pct', 25],
  ])('%s=%s sets %s alone, to %s', (variable, value, field, becomes) => {
    expect(configOf({ [variable]: value })).toEqual({ ...CircuitBreakerConfig.parse({}), [field]: becomes });
  });

  it('have a variable each', () => {
    expect(Object.keys(circuitBreakerVariables)).toHaveLength(Object.keys(CircuitBreakerConfig.shape).length);
  });

  it.each(['0', '-1', '2.5', '24h', '', ' ', '1e2', '99999999', 'NaN'])('%j is refused for every number, and all of them are named', (value) => {
    const variables = Object.keys(circuitBreakerVariables).filter((name) => name !== 'CIRCUIT_BREAKER_AUTO_RESET');
    const parsed = Environment.safeParse(Object.fromEntries(variables.map((name) => [name, value])));
    expect(parsed.error?.issues.map(({ path }) => path[0]).toSorted()).toEqual(variables.toSorted());
  });

  it.each(['yes', '1', '', 'TRUE'])('%j is neither true nor false', (value) => {
    expect(Environment.safeParse({ CIRCUIT_BREAKER_AUTO_RESET: value }).success).toBe(false);
  });
});

describe('the policies', () => {
  const policies = breakerPolicies(CircuitBreakerConfig.parse({}));

  it('are one for each kind, and each can be worked by', () => {
    expect(Object.keys(policies)).toEqual(breakerKinds.map(({ kind }) => kind));
    for (const policy of Object.values(policies)) expect(() => { refuseBadPolicy(policy); }).not.toThrow();
  });

  it('open for the documented spans', () => {
    expect(Object.values(policies).map(({ failuresMax, openFor, trialsMax }) => [failuresMax, openFor, trialsMax])).toEqual([
      [5, hours(24), 1], [5, minutes(30), 1], [5, seconds(300), 3], [1, minutes(30), 1],
    ]);
  });
});
