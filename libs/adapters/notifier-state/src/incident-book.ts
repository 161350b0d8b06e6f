import { PipelineError, type EpochMs } from '@handoff/contracts';
import type { Incident } from '@handoff/incidents';

/** What a change does: incidents by the names under which they are kept. */
export interface Changed<Result> {
  readonly writes: readonly (readonly [id: string, incident: Incident])[];
  readonly result: Result;
}

/** Where incidents are kept. */
export interface IncidentBook {
  readonly name: 'state' | 'objects' | 'process';
  /** Notes an end that only the state store can apply; absent in that one. */
  noteEnd?(end: SeenEnd): Promise<void>;
  /** Reads, decides and writes, again where somebody was faster. */
  change<Result>(ids: readonly string[], decide: (known: readonly (Incident | undefined)[]) => Changed<Result>): Promise<Result>;
  read(id: string): Promise<Incident | undefined>;
  open(): Promise<readonly Incident[]>;
  /** Open ones, and those that have ended since an instant. */
  recent(since: EpochMs): Promise<readonly Incident[]>;
  /** Open ones, and ended ones of which something is still to be told. */
  pending(): Promise<readonly Incident[]>;
}

/** An incident that was noted while there was no state store. */
export interface NotedIncident {
  /** Under which its book keeps it. */
  readonly key: string;
  readonly incident: Incident;
  /** False for one that had ended when its signature opened another. */
  readonly isNewest: boolean;
}

/** A subject that was seen to be right again while only the state store could know what it was an incident of. */
export interface SeenEnd {
  readonly cause: string;
  readonly subject: string;
  readonly at: EpochMs;
}

/** All that a book has noted. */
export interface Noted {
  readonly incidents: readonly NotedIncident[];
  readonly ends: readonly (SeenEnd & { readonly key: string })[];
}

/** A book for the time in which there is no state store, whose incidents and ends go to that one afterwards. */
export interface InterimBook extends IncidentBook {
  noted(): Promise<Noted>;
  /** Notes an end; of one subject the last. */
  noteEnd(end: SeenEnd): Promise<void>;
  forget(key: string): Promise<void>;
}

/** True for what another try in the same breath may not meet again. */
export const isPassing = (error: unknown): boolean => error instanceof PipelineError && error.disposition === 'retry';
