import { hashOf, type EpochMs, type FilesStored, type StoredFile } from '@handoff/contracts';
import type { StateDocument, StateRef, StateStore } from '@handoff/ports';

/**
 * `loaded_files`: of each folder of files the newest answer whose loading has begun. `contentHash` is null until all
 * of it is loaded: a crash in between leaves a table that may hold anything, so no content counts as loaded then.
 */
interface LoadedDocument extends StateDocument {
  readonly fetchedAt: EpochMs;
  readonly contentHash: string | null;
}

/** The files of one folder: the pages of one answer, or the one part that its folder is named for. */
interface AnswerPart {
  readonly ref: StateRef;
  readonly contentHash: string;
}

/**
 * Names what a message brings by what was asked: the same bytes asked for another date are another piece, since a
 * season's schedule completes each date that it is asked for; and loaded as history they completed nothing.
 */
export function partsOf(scraper: string, { purpose, gameDate, untilDate, files }: FilesStored): readonly AnswerPart[] {
  const folders = [...new Set(files.map(folderOf))];
  return folders.map((folder) => ({
    ref: { collection: 'loaded_files', id: hashOf([scraper, purpose, gameDate, untilDate, folder].join('|')) },
    contentHash: hashOf(files.filter((file) => folderOf(file) === folder).map(({ contentHash }) => contentHash).sort().join('|')),
  }));
}

const folderOf = ({ path }: StoredFile): string => path.slice(0, path.lastIndexOf('/'));

export interface Loading {
  readonly parts: readonly AnswerPart[];
  readonly fetchedAt: EpochMs;
  /** True where answers replace one another, so that only the newest is worth loading. */
  readonly isOrdered: boolean;
}

/**
 * Decides whether an answer is loaded, and notes that it is being loaded. `identical` is only what was loaded last:
 * content that comes back after another has to be written again. Its later time is noted all the same, for an
 * answer between the two that comes last is `superseded` by it.
 */
export function beginLoading(state: StateStore, { parts, fetchedAt, isOrdered }: Loading): Promise<'load' | 'identical' | 'superseded'> {
  return state.transact(parts.map(({ ref }) => ref), (documents) => {
    const known = documents.map((document) => document?.value as LoadedDocument | undefined);
    if (isOrdered && known.every((last) => last !== undefined && last.contentHash !== null && last.fetchedAt > fetchedAt)) return { writes: [], result: 'superseded' };
    const isIdentical = known.every((last, index) => last?.contentHash === parts[index]?.contentHash);
    const writes = parts.flatMap(({ ref, contentHash }, index) => {
      const last = known[index];
      if (last !== undefined && (last.fetchedAt > fetchedAt || (isIdentical && last.fetchedAt === fetchedAt))) return [];
      const value: LoadedDocument = { fetchedAt, contentHash: isIdentical ? contentHash : null };
      return [{ kind: 'set' as const, ref, value }];
    });
    return { writes, result: isIdentical ? 'identical' : 'load' };
  });
}

/** After the rows are written and announced, never before: an early memory would lose them in a crash. */
export async function rememberLoaded(state: StateStore, { parts, fetchedAt }: Loading): Promise<void> {
  await state.transact(parts.map(({ ref }) => ref), (documents) => ({
    writes: parts.flatMap(({ ref, contentHash }, index) => {
      const last = documents[index]?.value as LoadedDocument | undefined;
      return last !== undefined && last.fetchedAt > fetchedAt ? [] : [{ kind: 'set' as const, ref, value: { fetchedAt, contentHash } satisfies LoadedDocument }];
    }),
    result: undefined,
  }));
}
