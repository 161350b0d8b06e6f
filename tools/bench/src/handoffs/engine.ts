import type { HandoffStep, DateChain } from './chain.ts';

/** One event of a hand-off: something has been completed, perhaps said twice. */
export interface ChainEvent {
  readonly chain: DateChain;
  readonly step: HandoffStep;
  /** Position of the hand-off in its chain, from 0. */
  readonly stepIndex: number;
  /** Position of the event in the hand-off, from 0. */
  readonly eventIndex: number;
}

/** What does the hand-offs: ours, or another way to do the same job. */
export interface HandoffEngine {
  /** Takes one event; resolves when it is recorded, and what follows from it is on its way, as durably as on a disk. */
  complete(event: ChainEvent): Promise<void>;
  /** Waits until everything that was triggered has been taken and settled. */
  settle(): Promise<void>;
  /** @throws RangeError unless each hand-off of the chains was released once and each trigger taken once. */
  verify(chains: readonly DateChain[]): Promise<void>;
  close(): Promise<void>;
}

/** Told of each trigger, once the receiver owns it and may start to work. */
export type OnTrigger = (key: string) => void;

/** Opens an engine that is ready for the chains. */
export type OpenEngine = (chains: readonly DateChain[], onTrigger: OnTrigger) => Promise<HandoffEngine>;

export const triggerKey = ({ gameDate }: DateChain, { app }: HandoffStep): string => `${gameDate}|${app}`;
