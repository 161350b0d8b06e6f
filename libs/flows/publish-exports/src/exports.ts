import type { ExportName } from '@handoff/catalogue';
import { isoInstant, type EpochMs, type GameDate, type PhaseRun, type Row } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';

/** What the files of a slate are made from; each flow fills what it has. */
export interface ExportInputs {
  readonly run: PhaseRun;
  readonly slate: readonly SlateGame[];
  readonly predictions: readonly Row[];
  readonly graded: readonly Row[];
  readonly performance: readonly Row[];
  /** The newest date that the flow has published: what is about all dates goes through it, and never back. */
  readonly through: GameDate;
}

/** One file to publish, by its path below `v1/`. */
export interface ExportFile {
  readonly name: ExportName;
  readonly path: string;
  /** A further path that shows the same while no later date is published. */
  readonly latestPath?: string;
  readonly items: number;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Makes a file's content: a function of the data alone, without the time of publishing, so that publishing
 * the same data again is the same file.
 */
export const exportMakers: Readonly<Record<ExportName, (inputs: ExportInputs) => ExportFile>> = {
  tonight: ({ run, slate, predictions }) => ({
    name: 'tonight',
    path: 'tonight/all-players.json',
    items: new Set(predictions.map((row) => row['player_lookup'])).size,
    content: { gameDate: run.gameDate, games: slate.map((game) => ({ ...describeGame(game), players: playersOf(game, predictions) })) },
  }),
  predictions: ({ run, predictions }) => ({
    name: 'predictions',
    path: `predictions/${run.gameDate}.json`,
    latestPath: 'predictions/today.json',
    items: predictions.length,
    content: { gameDate: run.gameDate, predictions },
  }),
  status: ({ run, slate, predictions }) => ({
    name: 'status',
    path: 'status.json',
    items: slate.length,
    content: { gameDate: run.gameDate, revision: run.revision, isDegraded: run.isDegraded, missing: run.missing, dataAsOf: isoInstant(run.sourceVersionAt), games: countStatuses(slate), predictions: predictions.length },
  }),
  results: ({ run, slate, graded }) => ({
    name: 'results',
    path: `results/${run.gameDate}.json`,
    latestPath: 'results/latest.json',
    items: graded.length,
    content: { gameDate: run.gameDate, games: slate.map(describeGame), results: graded },
  }),
  performance: ({ through, performance }) => ({
    name: 'performance',
    path: 'systems/performance.json',
    items: performance.length,
    content: { throughDate: through, systems: performance },
  }),
};

function describeGame({ officialId, away, home, tipAt, status, homeScore, awayScore }: SlateGame): Readonly<Record<string, unknown>> {
  return { gameId: officialId, away, home, tipAt: isoInstant(tipAt satisfies EpochMs), status, awayScore, homeScore };
}

/** One entry per player, whatever number of rows he has: readers show players, not systems. */
function playersOf(game: SlateGame, predictions: readonly Row[]): readonly Readonly<Record<string, unknown>>[] {
  const players = new Map<unknown, Record<string, unknown>>();
  for (const row of predictions.filter((candidate) => candidate['nba_game_id'] === game.officialId)) {
    const { player_lookup: lookup, player_full_name: name, team_abbr: team, current_points_line: line, sportsbook, system_id: system, predicted_points: points, recommendation } = row;
    const known = players.get(lookup) ?? { lookup, name, team, line, sportsbook, systems: {} };
    known['systems'] = { ...(known['systems'] as object), [String(system)]: { points, recommendation } };
    players.set(lookup, known);
  }
  return [...players.values()];
}

function countStatuses(slate: readonly SlateGame[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of slate) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

