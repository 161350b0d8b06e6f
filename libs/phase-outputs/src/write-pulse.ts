import type { StateDocument, StateRef, StateStore } from '@handoff/ports';

interface PulseDocument extends StateDocument {
  readonly count: number;
}

const ref: StateRef = { collection: 'write_pulses', id: 'outputs' };

/**
 * Notes that an output may have changed, after it was written. Whoever observes outputs looks when the pulse
 * has moved, and now and then anyway: a write that did not come from us leaves no pulse.
 */
export async function notePulse(state: StateStore): Promise<void> {
  await state.increment(ref, 'count', 1);
}

/** How often outputs were written so far. */
export async function readPulse(state: StateStore): Promise<number> {
  return (await state.get<PulseDocument>(ref))?.value.count ?? 0;
}
