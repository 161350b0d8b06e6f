import { milliseconds, minutes, type DurationMs } from '@handoff/contracts';
import type { FunctionName } from './functions.ts';
import { deliveryDeadline } from './topics.ts';

/** What the platform gives each instance of a function, and how many there may be. */
export interface FunctionResources {
  readonly memoryMi: number;
  /** After which a call is cut off: before its delivery would be repeated, so that no second one runs beside it. */
  readonly timeoutMs: DurationMs;
  /** Calls that one instance works on at a time. More than one needs a whole processor: Cloud Run's rule, 2026. */
  readonly concurrency: number;
  readonly instancesMax: number;
}

/** Of the time until a delivery is repeated, a minute is left for its way. */
const base: FunctionResources = { memoryMi: 512, timeoutMs: milliseconds(deliveryDeadline - minutes(1)), concurrency: 1, instancesMax: 10 };

/** What holds the rows of a whole slate, or of a season's windows, in memory at once. */
const large: FunctionResources = { ...base, memoryMi: 1_024 };

const larger: Partial<Record<FunctionName, FunctionResources>> = {
  'phase2-raw': large, 'phase3-analytics': large, 'phase4-features': large, 'phase6-grade': large, 'phase6-publish': large, 'ledger-reconciler': large,
};

/** What a function is deployed with. */
export const resourcesOf = (name: FunctionName): FunctionResources => larger[name] ?? base;
