import type { BreakerPolicy } from '@handoff/circuit-breaker';
import { hours, minutes, seconds } from '@handoff/contracts';
import { z } from 'zod';

/** The kinds of breakers: what one is about, and what closes it besides a trial that succeeds. */
export const breakerKinds = [
  { kind: 'entity', about: 'one player or team, in one processor and on one date', closedBy: 'its box-score rows arriving, or an operator' },
  { kind: 'processor', about: 'the makers of one phase and flow, for one date', closedBy: 'an operator' },
  { kind: 'service', about: 'one external source', closedBy: 'an operator' },
  { kind: 'write-path', about: 'the writes of one processor into one table', closedBy: 'an operator' },
] as const;

export type BreakerKind = (typeof breakerKinds)[number]['kind'];

const upTo = (max: number): z.ZodInt => z.int().min(1).max(max);

/** The numbers of all breakers. The defaults are those that the owner's operators know; no other place holds any. */
export const CircuitBreakerConfig = z.object({
  entity_lockout_hours: upTo(168).default(24),
  entity_failure_threshold: upTo(100).default(5),
  /** True: rows of an entity that arrive clear what counts against it. */
  auto_reset_on_data: z.boolean().default(true),
  processor_timeout_minutes: upTo(1_440).default(30),
  processor_failure_threshold: upTo(100).default(5),
  service_timeout_seconds: upTo(86_400).default(300),
  service_failure_threshold: upTo(100).default(5),
  service_trial_calls: upTo(100).default(3),
  write_path_timeout_minutes: upTo(1_440).default(30),
  /** More than this share of a batch's games in conflict opens the breaker of its write path. */
  write_path_conflict_pct: upTo(100).default(50),
});
export type CircuitBreakerConfig = z.infer<typeof CircuitBreakerConfig>;

const { shape } = CircuitBreakerConfig;
const number = (field: z.ZodType<number, number | undefined>) => z.string().regex(/^\d+$/, 'has to be a whole number').transform(Number).optional().pipe(field);
const trueOrFalse = (field: z.ZodType<boolean, boolean | undefined>) => z.enum(['true', 'false']).transform((text) => text === 'true').optional().pipe(field);

/**
 * The environment variables that override the defaults, for the configuration of every function that asks a breaker.
 * One that is set and does not fit stops the start.
 */
export const circuitBreakerVariables = {
  CIRCUIT_BREAKER_ENTITY_LOCKOUT_HOURS: number(shape.entity_lockout_hours),
  CIRCUIT_BREAKER_ENTITY_THRESHOLD: number(shape.entity_failure_threshold),
  CIRCUIT_BREAKER_AUTO_RESET: trueOrFalse(shape.auto_reset_on_data),
  /** Of processors, as the next: the earlier system's names. */
  CIRCUIT_BREAKER_THRESHOLD: number(shape.processor_failure_threshold),
  CIRCUIT_BREAKER_TIMEOUT_MINUTES: number(shape.processor_timeout_minutes),
  CIRCUIT_BREAKER_SERVICE_THRESHOLD: number(shape.service_failure_threshold),
  CIRCUIT_BREAKER_SERVICE_TIMEOUT_SECONDS: number(shape.service_timeout_seconds),
  CIRCUIT_BREAKER_SERVICE_TRIAL_CALLS: number(shape.service_trial_calls),
  CIRCUIT_BREAKER_WRITE_PATH_TIMEOUT_MINUTES: number(shape.write_path_timeout_minutes),
  CIRCUIT_BREAKER_WRITE_PATH_CONFLICT_PCT: number(shape.write_path_conflict_pct),
};

export type CircuitBreakerEnvironment = z.infer<z.ZodObject<typeof circuitBreakerVariables>>;

/** What a function's environment says of breakers. */
export const circuitBreakerConfigOf = (environment: CircuitBreakerEnvironment): CircuitBreakerConfig => ({
  entity_lockout_hours: environment.CIRCUIT_BREAKER_ENTITY_LOCKOUT_HOURS,
  entity_failure_threshold: environment.CIRCUIT_BREAKER_ENTITY_THRESHOLD,
  auto_reset_on_data: environment.CIRCUIT_BREAKER_AUTO_RESET,
  processor_timeout_minutes: environment.CIRCUIT_BREAKER_TIMEOUT_MINUTES,
  processor_failure_threshold: environment.CIRCUIT_BREAKER_THRESHOLD,
  service_timeout_seconds: environment.CIRCUIT_BREAKER_SERVICE_TIMEOUT_SECONDS,
  service_failure_threshold: environment.CIRCUIT_BREAKER_SERVICE_THRESHOLD,
  service_trial_calls: environment.CIRCUIT_BREAKER_SERVICE_TRIAL_CALLS,
  write_path_timeout_minutes: environment.CIRCUIT_BREAKER_WRITE_PATH_TIMEOUT_MINUTES,
  write_path_conflict_pct: environment.CIRCUIT_BREAKER_WRITE_PATH_CONFLICT_PCT,
});

/** Five deliveries of a message with the longest back-off, 600 seconds, lie within it. */
const failureWindow = hours(1);

/** Longer than any function may run. */
const functionTimeMax = minutes(10);

/** The policy of each kind of breaker. */
export const breakerPolicies = (config: CircuitBreakerConfig): Readonly<Record<BreakerKind, BreakerPolicy>> => ({
  entity: {
    failuresMax: config.entity_failure_threshold, failureWindow: hours(config.entity_lockout_hours), openFor: hours(config.entity_lockout_hours),
    trialsMax: 1, trialFor: functionTimeMax,
  },
  processor: { failuresMax: config.processor_failure_threshold, failureWindow, openFor: minutes(config.processor_timeout_minutes), trialsMax: 1, trialFor: functionTimeMax },
  service: {
    failuresMax: config.service_failure_threshold, failureWindow, openFor: seconds(config.service_timeout_seconds),
    trialsMax: config.service_trial_calls, trialFor: functionTimeMax,
  },
  // A batch is judged as a whole, by its share of conflicts: one that is broken is enough.
  'write-path': { failuresMax: 1, failureWindow, openFor: minutes(config.write_path_timeout_minutes), trialsMax: 1, trialFor: functionTimeMax },
});
