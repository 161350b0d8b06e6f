import type { JobName } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import type { StateDocument, StateStore, StateWrite } from '@handoff/ports';

/** How a run of a job ended, where it could be said. */
export interface Heartbeat {
  readonly job: string;
  readonly at: EpochMs;
  readonly outcome: string;
  /** False: it ran, and did not do what it is there for. */
  readonly isComplete: boolean;
}

type HeartbeatDocument = Heartbeat & StateDocument;

const collection = 'heartbeats';

/** The document that a run leaves where it ends: the newest of its job that was complete, and the newest that was not. */
export const heartbeatWrite = (job: JobName, { at, outcome, isComplete }: Omit<Heartbeat, 'job'>): StateWrite => ({
  kind: 'set', ref: { collection, id: isComplete ? job : `${job} failed` }, value: { job, at, outcome, isComplete } satisfies Heartbeat,
});

/** The newest of each job, at most two. */
export async function readHeartbeats(state: StateStore): Promise<readonly Heartbeat[]> {
  const found = await state.query<HeartbeatDocument>({ collection });
  return found.map(({ value }) => value);
}
