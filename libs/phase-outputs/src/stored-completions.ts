import { gameColumnOf, hasColumn, tableNamed, type Output } from '@handoff/catalogue';
import { epochMs, gameDate, hashOf, hashRows, roundTo, type Completion, type EpochMs, type GameDate, type OfficialGameId, type Row } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';

/** What a table holds of a date, as the run that wrote it would have announced it. */
export interface StoredCompletions {
  readonly completions: readonly Completion[];
  /** When the newest of the rows was fetched, or made. */
  readonly sourceVersionAt: EpochMs;
}

/** True for what completes games by their planning columns alone. */
const isSchedule = ({ name }: Output): boolean => name === 'nba_raw.nbac_schedule';

/**
 * Reads back what an output holds for a date: a completion per game, or one for the slate, with the hashes that were
 * announced when the rows were written. For hand-offs that were never told of it. Undefined where it holds nothing.
 *
 * @param games - the games to read of an output that is made per game; empty: all.
 * @throws what the query throws.
 */
export async function loadStoredCompletions(warehouse: Warehouse, output: Output, { date, games }: { readonly date: GameDate; readonly games: readonly OfficialGameId[] }): Promise<StoredCompletions | undefined> {
  const rows = await warehouse.query<StoredRow>(storedStatement(output), { game_date: { type: 'DATE', value: date } });
  const wanted = rows.filter(({ scope }) => output.scope === 'slate' || games.length === 0 || games.some((game) => game === scope));
  if (wanted.length === 0) return undefined;
  const completions = [...new Set(wanted.map(({ scope }) => scope))].map((scope) => completionOf(output, { date, scope, rows: wanted.filter((row) => row.scope === scope) }));
  return { completions, sourceVersionAt: epochMs(Math.max(...wanted.map(({ version_at: at }) => at))) };
}

interface StoredRow extends Row {
  readonly scope: string;
  readonly data_hash: string;
  readonly version_at: EpochMs;
}

interface StoredScope {
  readonly date: GameDate;
  readonly scope: string;
  readonly rows: readonly StoredRow[];
}

function completionOf(output: Output, { date, scope, rows }: StoredScope): Completion {
  const [first] = rows;
  const contentHash = isSchedule(output) && first !== undefined ? planningHash(first) : hashRows(rows);
  const qualities = output.qualityColumn === undefined ? [] : rows.map((row) => Number(row['quality']));
  const quality = qualities.length === 0 ? {} : { quality: roundTo(qualities.reduce((sum, value) => sum + value, 0) / qualities.length, 2) };
  return { gameDate: gameDate(date), output: output.name, scope: scope as Completion['scope'], contentHash, rowCount: rows.length, ...quality };
}

/** Derived from the catalogue, as what is observed is. */
function storedStatement(output: Output): { readonly name: string; readonly text: string } {
  const table = tableNamed(output.name);
  const { name, partition } = table;
  const has = (column: string): boolean => hasColumn(table, column);
  const wanted = [
    `${output.scope === 'slate' ? "'slate'" : `stored.${gameColumnOf(table) ?? 'game_id'}`} AS scope`, 'stored.data_hash AS data_hash', `stored.${has('fetched_at') ? 'fetched_at' : 'processed_at'} AS version_at`,
    ...(output.qualityColumn === undefined ? [] : [`stored.${output.qualityColumn} AS quality`]),
    ...(isSchedule(output) ? planningColumns.map((column) => `stored.${column} AS ${column}`) : []),
  ];
  const flags = ['is_usable', 'is_active'].filter(has).map((column) => ` AND stored.${column}`);
  return { name: `phase-outputs/stored ${name}`, text: `SELECT ${wanted.join(', ')}\nFROM \`${name}\` AS stored\nWHERE stored.${partition} = @game_date${flags.join('')}\nORDER BY stored.data_hash` };
}

/** What planning needs to know of a game (docs/adr/0007-planning-columns-of-the-schedule.md). */
const planningColumns = ['tip_at', 'home_team_tricode', 'away_team_tricode', 'is_postponed', 'game_status', 'home_team_score'] as const;

/** The content of a scheduled game by what planning needs of it: a score that changes is no reason to predict again. */
export const planningHash = (row: Row): string => hashOf(JSON.stringify([row['tip_at'], row['home_team_tricode'], row['away_team_tricode'], row['is_postponed'], isUnplayed(row)]));

/** Final without a score: postponed, whatever the flag says. */
const isUnplayed = (row: Row): boolean => row['game_status'] === 3 && row['home_team_score'] === null;
