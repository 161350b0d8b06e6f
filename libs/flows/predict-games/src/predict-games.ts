import type { UpcomingPlayerContext } from '@handoff/analytics';
import { tableNamed } from '@handoff/catalogue';
import { hashRow, hashRows, type Completion, type EpochMs, type GameDate, type OfficialGameId, type PredictionRequested, type PredictionsReady } from '@handoff/contracts';
import { writeOutput } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Warehouse } from '@handoff/ports';
import { loadSlate } from '@handoff/read-models';
import { invalidate, predictPlayer, predictionSystems, supersede, type Prediction } from '@handoff/scoring';
import type { SlateGame } from '@handoff/slate';
import { loadInputs, loadStanding, type PredictionInputs } from './load-inputs.ts';

const output = 'nba_predictions.player_prop_predictions';

/**
 * Predicts the players of some games with every system, and writes what stands and what it superseded in one
 * MERGE. A postponed game's predictions are taken back, and those of players who are no longer expected;
 * from tip-off on nothing of a game changes any more. A game that a later revision has written is left alone, and
 * answered for by what stands: its batch waits for every game.
 */
export async function predictGames(request: PredictionRequested, context: FlowContext): Promise<FlowReport> {
  const { ports, correlationId } = context;
  const { games, run, sport, purpose, requestId, triggerId } = request;
  const now = ports.clock.now();
  const slate = await loadSlate(ports, run.gameDate);
  const inputs = await loadInputs(ports.warehouse, run.gameDate, games);
  const changed = games.flatMap((game) => changesOf(slate.find(({ officialId }) => officialId === game), inputsOf(inputs, game), now));
  const written = await writeOutput(ports, { outputRows: { output, rows: changed, replaces: false }, runs: [{ ...run, games }], now });
  const superseded = games.filter((game) => !written.some(({ scope }) => scope === game));
  const made = changed.filter(({ nba_game_id: game }) => !superseded.some((one) => one === game));
  const before = superseded.length === 0 ? inputs.standing : await readAgain(ports.warehouse, { date: run.gameDate, games: superseded, before: inputs.standing });
  const completions = games.map((game) => completionOf(run.gameDate, game, standingAfter(game, made, before)));
  const payload: PredictionsReady = { sport, purpose, requestId, triggerId, run, completions };
  await ports.bus.publish('prediction-ready', { key: `${requestId}_ready`, payload, correlationId });
  const takenBack = made.filter((row) => row.invalidation_reason === 'game-postponed').length;
  const outcome = made.length === 0 ? 'nothing-to-predict' : takenBack > 0 ? 'invalidated' : 'predicted';
  return { outcome, facts: { games: games.length, rows: made.length, takenBack, superseded: superseded.length } };
}

/** What is to be written of one game: nothing once it has tipped off, or is not on the slate any more. */
function changesOf(game: SlateGame | undefined, inputs: PredictionInputs, now: EpochMs): readonly Prediction[] {
  if (game?.status === 'postponed') return invalidate(inputs.standing, 'game-postponed');
  if (game === undefined || now >= game.tipAt) return [];
  const fresh = inputs.players.flatMap((player) => predictOne(player, inputs, now));
  const expected = new Set(inputs.players.map(({ player_lookup: player }) => player));
  const goneOut = inputs.standing.filter((row) => row.is_active && !expected.has(row.player_lookup));
  return [...supersede(inputs.standing, fresh), ...invalidate(goneOut, 'player-ruled-out')];
}

const inputsOf = (inputs: PredictionInputs, game: OfficialGameId): PredictionInputs => ({
  ...inputs,
  players: inputs.players.filter((player) => player.nba_game_id === game),
  standing: inputs.standing.filter((row) => row.nba_game_id === game),
});

function predictOne(player: UpcomingPlayerContext, { features, history, league }: PredictionInputs, now: EpochMs): readonly Prediction[] {
  const vector = features.get(player.player_lookup);
  if (vector === undefined) return [];
  const verdict = predictPlayer({ systems: predictionSystems, player, features: vector, games: history.get(player.player_lookup) ?? [], league, now });
  return verdict.verdict === 'predicted' ? verdict.rows : [];
}

interface Superseded {
  readonly date: GameDate;
  readonly games: readonly OfficialGameId[];
  readonly before: readonly Prediction[];
}

/** What stands now of the games that a later revision has written meanwhile; of the others what stood before. */
async function readAgain(warehouse: Warehouse, { date, games, before }: Superseded): Promise<readonly Prediction[]> {
  const isSuperseded = ({ nba_game_id: game }: Prediction): boolean => games.some((one) => one === game);
  return [...before.filter((row) => !isSuperseded(row)), ...(await loadStanding(warehouse, date, games))];
}

function standingAfter(game: OfficialGameId, changed: readonly Prediction[], before: readonly Prediction[]): readonly Prediction[] {
  const own = changed.filter((row) => row.nba_game_id === game);
  return own.length > 0 ? own : before.filter((row) => row.nba_game_id === game);
}

/** The content is what stands: superseded rows are history. */
function completionOf(gameDate: Completion['gameDate'], game: OfficialGameId, rows: readonly Prediction[]): Completion {
  const { business } = tableNamed(output);
  const active = rows.filter((row) => row.is_active).map((row) => ({ data_hash: hashRow(row, business) }));
  return { gameDate, output, scope: game, contentHash: hashRows(active), rowCount: active.length };
}
