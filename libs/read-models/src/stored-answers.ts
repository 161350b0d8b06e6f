import { groupBy } from '@handoff/analytics';
import { fetchedAtOf, type Scraper } from '@handoff/catalogue';
import { hashOf, type EpochMs, type GameDate, type StoredFile } from '@handoff/contracts';
import type { KeptAnswer } from '@handoff/ledger';
import type { ObjectStore } from '@handoff/ports';

export interface StoredAnswers {
  /** How many files there are of the date, those that are of no use any more among them. */
  readonly found: number;
  /** What brings back all that was loaded of the date, oldest first. */
  readonly answers: readonly KeptAnswer[];
}

/** The files of one folder that were fetched at one moment: the pages of an answer, or the one part that its folder is named for. */
interface Part {
  readonly folder: string;
  readonly fetchedAt: EpochMs;
  readonly paths: readonly string[];
}

/**
 * The stored answers of a scraper for a date that are worth loading again: where answers replace one another the newest of
 * each part, since what is asked for game by game was not asked for at one moment; where they are snapshots, which stand side
 * by side, each that said something else than the one before.
 *
 * @throws what the store throws: what could not be read is not nothing.
 */
export async function loadStoredAnswers(objects: ObjectStore, { storagePrefix, replaces }: Scraper, gameDate: GameDate): Promise<StoredAnswers> {
  const stored = (await objects.list(`${storagePrefix}/${gameDate}/`)).map(({ path }) => path);
  const folders = groupBy(partsOf(stored), ({ folder }) => folder);
  const parts = [...folders.values()].flatMap((ofFolder) => (replaces === 'nothing' ? ofFolder.filter((part, index) => !isSame(part, ofFolder[index - 1])) : ofFolder.slice(-1)));
  const moments = groupBy(parts, ({ fetchedAt }) => fetchedAt);
  const answers: KeptAnswer[] = [];
  for (const [fetchedAt, ofMoment] of [...moments].toSorted(([left], [right]) => left - right)) {
    const files: StoredFile[] = [];
    for (const path of ofMoment.flatMap(({ paths }) => paths)) files.push({ path, contentHash: hashOf(new TextDecoder().decode(await objects.get(path))) });
    answers.push({ fetchedAt, files });
  }
  return { found: stored.length, answers };
}

/** Oldest first within each folder. */
function partsOf(paths: readonly string[]): readonly Part[] {
  const named = paths.flatMap((path) => {
    const fetchedAt = fetchedAtOf(path);
    return fetchedAt === undefined ? [] : [{ path, fetchedAt, folder: path.slice(0, path.lastIndexOf('/')) }];
  });
  const groups = groupBy(named, ({ folder, fetchedAt }) => `${folder}|${fetchedAt}`);
  return [...groups.values()].flatMap((files) => {
    const [one] = files;
    return one === undefined ? [] : [{ folder: one.folder, fetchedAt: one.fetchedAt, paths: files.map(({ path }) => path) }];
  }).toSorted((left, right) => left.fetchedAt - right.fetchedAt);
}

/** The name of a file ends in what its content is. */
const contentsOf = ({ paths }: Part): string => paths.map((path) => path.slice(path.lastIndexOf('-'))).toSorted().join('|');

const isSame = (part: Part, before: Part | undefined): boolean => before !== undefined && contentsOf(part) === contentsOf(before);
