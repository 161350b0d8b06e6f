import type { StateDocument, StateRef, StateStore, StateWrite } from '@handoff/ports';

export const ref = (id: string, collection = 'things'): StateRef => ({ collection, id });

export const creating = (id: string, value: StateDocument = { by: id }): StateWrite => ({ kind: 'create', ref: ref(id), value });

/** The value of a document; `undefined` where there is none. */
export const valueOf = async (state: StateStore, id: string, collection?: string): Promise<StateDocument | undefined> => (await state.get(ref(id, collection)))?.value;

/** The version of a document that is there. */
export async function versionOf(state: StateStore, id: string): Promise<string> {
  const found = await state.get(ref(id));
  if (found === undefined) throw new Error(`no document ${id}`);
  return found.version;
}

/** The ids of a collection, in the order of a query without one. */
export const idsOf = async (state: StateStore, collection = 'things'): Promise<readonly string[]> => (await state.query({ collection })).map((found) => found.ref.id);

export const alreadyExists = { code: 'state-already-exists', disposition: 'retry' };
export const versionConflict = { code: 'state-version-conflict', disposition: 'retry' };
export const notFound = { code: 'state-not-found', disposition: 'retry' };
