import { outputNamed, type Scraper } from '@handoff/catalogue';
import { gameDate, hashRows, OfficialGameId, type Completion, type FilesStored, type Flow, type Row } from '@handoff/contracts';
import { planningHash } from '@handoff/phase-outputs';
import type { FileReading } from './read-files.ts';

type HashedRow = Row & { readonly data_hash: string };

/**
 * What the files complete: one completion per game or per slate, whose hash is of what the flow behind it
 * uses. A schedule completes the games of the date that was asked for, by what planning needs of them: a
 * score that changes is no reason to predict again. A line that came too late to be used completes nothing.
 */
export function completionsFrom(scraper: Scraper, message: FilesStored, reading: FileReading): { readonly flow: Flow; readonly completions: Completion[] } {
  const output = outputNamed(scraper.loads);
  if (output === undefined) return { flow: 'postgame', completions: [] };
  const rows = reading.rows as readonly HashedRow[];
  const { name, flow, scope } = output;
  if (name === 'nba_raw.nbac_schedule') return { flow, completions: planned(rows, message) };
  const usable = rows.filter((row) => row['is_usable'] !== false);
  if (scope === 'slate') {
    return { flow, completions: usable.length === 0 ? [] : [{ gameDate: message.gameDate, output: name, scope: 'slate', contentHash: hashRows(usable), rowCount: usable.length }] };
  }
  const byGame = new Map<string, HashedRow[]>();
  for (const row of usable) {
    const key = `${String(row['game_date'])}|${String(row['nba_game_id'])}`;
    const known = byGame.get(key);
    if (known === undefined) byGame.set(key, [row]);
    else known.push(row);
  }
  return { flow, completions: [...byGame].map(([key, ofGame]) => completionOf(name, key, ofGame)) };
}

function completionOf(output: string, key: string, rows: readonly HashedRow[]): Completion {
  const [date = '', game = ''] = key.split('|');
  return { gameDate: gameDate(date), output, scope: OfficialGameId.parse(game), contentHash: hashRows(rows), rowCount: rows.length };
}

function planned(rows: readonly HashedRow[], { gameDate: asked, untilDate }: FilesStored): Completion[] {
  return rows
    .filter((row) => String(row['game_date']) >= asked && String(row['game_date']) <= untilDate)
    .map((row) => ({
      gameDate: gameDate(String(row['game_date'])),
      output: 'nba_raw.nbac_schedule',
      scope: OfficialGameId.parse(row['game_id']),
      contentHash: planningHash(row),
      rowCount: 1,
    }));
}
