import type { Scraper } from '@handoff/catalogue';
import type { FilesStored, Row, StoredFile } from '@handoff/contracts';
import { transformOf, type ParsedPayload } from '@handoff/payloads';
import type { Ports } from '@handoff/ports';
import type { SlateGame } from '@handoff/slate';

/** What a run's files say together. */
export type FileReading = Pick<ParsedPayload, 'rows' | 'notStarted' | 'unresolved' | 'ignored'>;

export interface ReadRequest {
  readonly scraper: Scraper;
  readonly files: readonly StoredFile[];
  readonly message: FilesStored;
  readonly games: readonly SlateGame[];
}

/** Reads and transforms a run's files. @throws `payload-malformed` (reject) for an answer in no known shape. */
export async function readFiles({ scraper, files, message, games }: ReadRequest, { objects, clock }: Ports): Promise<FileReading> {
  const { parse } = transformOf(scraper.name);
  const parsed: ParsedPayload[] = [];
  for (const { path } of files) {
    const text = new TextDecoder().decode(await objects.get(path));
    parsed.push(parse(text, { gameDate: message.gameDate, fetchedAt: message.fetchedAt, processedAt: clock.now(), path, games }));
  }
  const ignored: Record<string, number> = {};
  for (const [reason, count] of parsed.flatMap((one) => Object.entries(one.ignored))) ignored[reason] = (ignored[reason] ?? 0) + count;
  return {
    rows: distinct(parsed.flatMap((one) => one.rows)),
    notStarted: parsed.flatMap((one) => one.notStarted),
    unresolved: parsed.flatMap((one) => one.unresolved),
    ignored,
  };
}

/** Pages of one answer overlap when rows arrive between two requests: equal rows count once. */
function distinct(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const hash = JSON.stringify([row['game_date'], row['report_date'], row['nba_game_id'], row['data_hash']]);
    if (seen.has(hash)) return false;
    seen.add(hash);
    return true;
  });
}
