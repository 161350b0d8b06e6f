import type { EpochMs } from '@handoff/contracts';

/** Brings messages to functions and into tables, in whatever way the profile does: what the virtual clock waits for. */
export interface MessageCarrier {
  /** Waits until nothing is in hand at the present time, and tells how many deliveries that took. */
  settle(): Promise<number>;
  /** When the next message is due that waits for the clock; undefined when none does. */
  nextDueAt(): EpochMs | undefined;
  /** Writes what has been gathered for tables: messages that go there are not waited for one by one. */
  writeTables(): Promise<void>;
}
