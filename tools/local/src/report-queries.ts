import { hasColumn, outputs, tableNamed, tables, type Output } from '@handoff/catalogue';
import { hashOf, type ExpectedOutputRow, type GameDate } from '@handoff/contracts';
import { worstStateOf } from '@handoff/ledger';
import type { Parameters, Warehouse } from '@handoff/ports';

export interface DateOutput {
  readonly output: string;
  readonly phase: string;
  readonly flow: string;
  readonly state: string;
  readonly gamesExpected: number;
  readonly gamesPresent: number;
  readonly rows: number;
  /** `sha256:` over the business columns in key order. */
  readonly digest: string;
}

export interface DatePredictions {
  readonly systems: readonly string[];
  readonly players: number;
  readonly rows: number;
  readonly withLine: number;
  /** Lines that sources offered at or after tip-off: kept, never used. */
  readonly unusableLines: number;
}

export interface DateGrading {
  readonly graded: number;
  readonly voided: number;
  readonly ungradable: number;
  readonly bySystem: readonly { readonly system: string; readonly graded: number; readonly mae: number | null; readonly winRate: number | null; readonly picks: number }[];
}

const onDate = (gameDate: GameDate): Parameters => ({ game_date: { type: 'DATE', value: gameDate } });

/** How each output stands by the ledger, and what its table holds. */
export async function reportOutputs(warehouse: Warehouse, gameDate: GameDate): Promise<readonly DateOutput[]> {
  const text = 'SELECT ledger.output, ledger.scope, ledger.state, ledger.row_count FROM `nba_orchestration.expected_outputs` AS ledger WHERE ledger.game_date = @game_date';
  const ledger = await warehouse.query<Pick<ExpectedOutputRow, 'output' | 'scope' | 'state' | 'row_count'>>({ name: 'report/ledger', text }, onDate(gameDate));
  const games = new Set(ledger.filter(({ scope, state }) => scope !== 'slate' && state !== 'EMPTY_OK').map(({ scope }) => scope)).size;
  const reports: DateOutput[] = [];
  for (const output of outputs) reports.push(await reportOutput(warehouse, output, { gameDate, ledger: ledger.filter((row) => row.output === output.name), games }));
  return reports;
}

interface OutputFacts {
  readonly gameDate: GameDate;
  readonly ledger: readonly Pick<ExpectedOutputRow, 'scope' | 'state' | 'row_count'>[];
  /** Games that stand on the date: what an output of the whole slate is about. */
  readonly games: number;
}

async function reportOutput(warehouse: Warehouse, output: Output, { gameDate, ledger, games }: OutputFacts): Promise<DateOutput> {
  const expected = ledger.filter(({ state }) => state !== 'EMPTY_OK');
  const present = expected.filter(({ state }) => state === 'COMPLETE' || state === 'DEGRADED');
  const perGame = output.scope === 'game';
  return {
    output: output.name,
    phase: output.phase,
    flow: output.flow,
    state: worstStateOf(ledger.map((row) => row.state)) ?? 'EXPECTED',
    gamesExpected: perGame ? expected.length : expected.length > 0 ? games : 0,
    gamesPresent: perGame ? present.length : present.length > 0 ? games : 0,
    rows: ledger.reduce((sum, row) => sum + row.row_count, 0),
    digest: await digestOf(warehouse, output, gameDate),
  };
}

async function digestOf(warehouse: Warehouse, output: Output, gameDate: GameDate): Promise<string> {
  const hashes = await warehouse.query<{ hash: string }>({ name: `report/digest ${output.name}`, text: digestStatement(output) }, onDate(gameDate));
  return `sha256:${hashOf(hashes.map(({ hash }) => hash).join('\n'))}`;
}

/** Each row's own hash is over its business columns; a published file's over its content. */
function digestStatement({ name }: Output): string {
  if (name.startsWith('exports/')) {
    return `SELECT published.content_hash AS hash FROM \`nba_orchestration.publications\` AS published WHERE published.game_date = @game_date AND published.export_name = '${name.slice('exports/'.length)}' ORDER BY published.object_path`;
  }
  const { partition, key } = tableNamed(name);
  return `SELECT stored.data_hash AS hash FROM \`${name}\` AS stored WHERE stored.${partition} = @game_date ORDER BY ${key.map((column) => `stored.${column}`).join(', ')}`;
}

export async function reportPredictions(warehouse: Warehouse, gameDate: GameDate): Promise<DatePredictions> {
  const text = 'SELECT standing.system_id, standing.player_lookup, standing.has_prop_line FROM `nba_predictions.player_prop_predictions` AS standing WHERE standing.game_date = @game_date AND standing.is_active';
  const rows = await warehouse.query<{ system_id: string; player_lookup: string; has_prop_line: boolean }>({ name: 'report/predictions', text }, onDate(gameDate));
  return {
    systems: [...new Set(rows.map((row) => row.system_id))].sort(),
    players: new Set(rows.map((row) => row.player_lookup)).size,
    rows: rows.length,
    withLine: rows.filter((row) => row.has_prop_line).length,
    unusableLines: await countUnusable(warehouse, gameDate),
  };
}

/** Over every table of lines: those whose rows say whether they can be used. */
async function countUnusable(warehouse: Warehouse, gameDate: GameDate): Promise<number> {
  let count = 0;
  for (const { name, partition } of tables.filter((table) => hasColumn(table, 'is_usable'))) {
    const text = `SELECT COUNTIF(NOT offered.is_usable) AS unusable FROM \`${name}\` AS offered WHERE offered.${partition} = @game_date`;
    const [row] = await warehouse.query<{ unusable: number }>({ name: `report/unusable ${name}`, text }, onDate(gameDate));
    count += row?.unusable ?? 0;
  }
  return count;
}

export async function reportGrading(warehouse: Warehouse, gameDate: GameDate): Promise<DateGrading> {
  const performance = 'SELECT performance.system_id, performance.graded_count, performance.voided_count, performance.mae, performance.win_rate, performance.correct_count + performance.incorrect_count AS picks FROM `nba_predictions.system_daily_performance` AS performance WHERE performance.game_date = @game_date ORDER BY performance.system_id';
  const rows = await warehouse.query<{ system_id: string; graded_count: number; voided_count: number; mae: number | null; win_rate: number | null; picks: number }>({ name: 'report/grading', text: performance }, onDate(gameDate));
  const runs = "SELECT runs.metadata FROM `nba_orchestration.phase_execution_log` AS runs WHERE runs.game_date = @game_date AND runs.phase_name = 'phase6-grade' ORDER BY runs.revision";
  const metadata = await warehouse.query<{ metadata: { ungradable?: number } }>({ name: 'report/ungradable', text: runs }, onDate(gameDate));
  return {
    graded: rows.reduce((sum, row) => sum + row.graded_count, 0),
    voided: rows.reduce((sum, row) => sum + row.voided_count, 0),
    ungradable: metadata.at(-1)?.metadata.ungradable ?? 0,
    bySystem: rows.map((row) => ({ system: row.system_id, graded: row.graded_count, mae: row.mae, winRate: row.win_rate, picks: row.picks })),
  };
}
