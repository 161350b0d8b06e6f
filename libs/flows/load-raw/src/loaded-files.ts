import { hashOf, type EpochMs, type FilesStored, type StoredFile } from '@handoff/contracts';
import type { StateRef, StateStore } from '@handoff/ports';

/**
 * Names a piece of content that was loaded: the same bytes asked for another date are another piece, since a
 * season's schedule completes each date that it is asked for; and loaded as history they completed nothing.
 */
export function loadedRef(scraper: string, { purpose, gameDate, untilDate }: FilesStored, { contentHash }: StoredFile): StateRef {
  return { collection: 'loaded_files', id: hashOf([scraper, purpose, gameDate, untilDate, contentHash].join('|')) };
}

export async function wasLoaded(state: StateStore, ref: StateRef): Promise<boolean> {
  return (await state.get(ref)) !== undefined;
}

/** After the rows are written and announced, never before: an early memory would lose them in a crash. */
export async function rememberLoaded(state: StateStore, ref: StateRef, at: EpochMs): Promise<void> {
  await state.batch([{ kind: 'set', ref, value: { at } }]);
}
