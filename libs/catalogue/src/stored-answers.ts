import { isoInstant, parseInstant, type EpochMs, type GameDate } from '@handoff/contracts';

/** An answer of a source, as far as its file is named for it. */
export interface StoredAnswer {
  readonly storagePrefix: string;
  readonly gameDate: GameDate;
  /** Of an answer that is asked for in parts the one that this is; each has a folder of its own. */
  readonly part: string | undefined;
  readonly fetchedAt: EpochMs;
  readonly contentHash: string;
  readonly isPage: boolean;
}

/** `prefix/date/instant-hash.json`, `.html` for a page: of one content asked for at one moment there is one file. */
export function storedPath({ storagePrefix, gameDate, part, fetchedAt, contentHash, isPage }: StoredAnswer): string {
  const folder = [storagePrefix, gameDate, ...(part === undefined ? [] : [part])].join('/');
  return `${folder}/${isoInstant(fetchedAt).replaceAll(/[-:.]/g, '')}-${contentHash.slice(0, 12)}.${isPage ? 'html' : 'json'}`;
}

const named = /\/(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-[0-9a-f]+\.(?:json|html)$/;

/** When the source was asked for what is stored under a path; undefined for a path that `storedPath` does not make. */
export function fetchedAtOf(path: string): EpochMs | undefined {
  const parts = named.exec(path);
  if (parts === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', ms = ''] = parts;
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}
