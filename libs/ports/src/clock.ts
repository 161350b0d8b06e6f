import type { EpochMs } from '@handoff/contracts';

/** The only source of time. Flows read it; domain code is given `now`. */
export interface Clock {
  now(): EpochMs;
}

/** A seeded source of numbers in [0, 1). Never used for identity: ids are hashes of what they name. */
export interface Random {
  next(): number;
}
