import type { PhaseRun } from '@handoff/contracts';
import type { StateDocument, StateRef, StateStore } from '@handoff/ports';

/** `published_files`: the newest run that has set out to publish a file of its date. */
interface ClaimDocument extends StateDocument {
  readonly run: PhaseRun;
}

/** Claims a file for a run and answers whose it is: the run's, or that of a later revision. */
export function claimFile(state: StateStore, ref: StateRef, run: PhaseRun): Promise<PhaseRun> {
  return state.transact([ref], ([known]) => {
    const before = (known?.value as ClaimDocument | undefined)?.run;
    if (before !== undefined && before.revision >= run.revision) return { writes: [], result: before };
    return { writes: [{ kind: 'set', ref, value: { run } satisfies ClaimDocument }], result: run };
  });
}
