import { tableNamed } from '@handoff/catalogue';
import { hashRow, hashRows, type Completion, type EpochMs, type GameDate, type OfficialGameId, type PlayerAnswer, type PredictionRequested, type PredictionsReady } from '@handoff/contracts';
import { writeOutput } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Warehouse } from '@handoff/ports';
import { answerKey, beat } from '@handoff/prediction-batches';
import { loadSlate } from '@handoff/read-models';
import { predictionSystems, refuseContradictedLine, type Prediction } from '@handoff/scoring';
import { loadInputs, loadStanding, type PredictionInputs } from './load-inputs.ts';
import { nobody, predictOneGame, type GamePredictions } from './predict-one-game.ts';
import { refuseDuplicates } from './refuse-duplicates.ts';

const output = 'nba_predictions.player_prop_predictions';

/**
 * Predicts the players of some games with every system, and writes what stands and what it superseded in one
 * MERGE. A postponed game's predictions are taken back, and those of players who are no longer expected;
 * from tip-off on nothing of a game changes any more. A game that a later revision has written is left alone, and
 * answered for by what stands: its batch waits for every game. The answer tells of every player.
 *
 * @throws `duplicate-predictions` (reject) when the tables hold two active rows where one may be;
 *   `line-source-contradicted` (reject) for a row that contradicts its own line.
 */
export async function predictGames(request: PredictionRequested, context: FlowContext): Promise<FlowReport> {
  const { ports, log, correlationId } = context;
  const { games, run, sport, purpose, requestId, triggerId, attempt } = request;
  await beat(ports, request, 'read');
  const now = ports.clock.now();
  const slate = await loadSlate(ports, run.gameDate);
  const inputs = await loadInputs(ports.warehouse, run.gameDate, games);
  await beat(ports, request, 'predict');
  const predicted = games.map((game) => predictOneGame({ game, standing: slate.find(({ officialId }) => officialId === game), inputs: inputsOf(inputs, game), now }));
  for (const { game, errors } of predicted) for (const error of errors) log.error({ error, game, requestId }, 'a player could not be predicted');
  await beat(ports, request, 'write');
  const written = await writePredictions({ request, inputs, predicted, now }, context);
  await beat(ports, request, 'check');
  await refuseDuplicates(ports.warehouse, run.gameDate, games);
  const payload: PredictionsReady = { sport, purpose, requestId, triggerId, run, attempt, completions: [...written.completions], players: [...written.players] };
  await ports.bus.publish('prediction-ready', { key: answerKey(requestId, attempt), payload, correlationId });
  return { outcome: outcomeOf(written), facts: { games: games.length, rows: written.made.length, takenBack: takenBack(written), superseded: written.superseded, failed: written.players.filter(({ state }) => state === 'failed').length } };
}

interface Written {
  /** The rows that were written. */
  readonly made: readonly Prediction[];
  readonly completions: readonly Completion[];
  readonly players: readonly PlayerAnswer[];
  /** Games in which a later revision's rows stand. */
  readonly superseded: number;
}

interface Writing {
  readonly request: PredictionRequested;
  readonly inputs: PredictionInputs;
  readonly predicted: readonly GamePredictions[];
  readonly now: EpochMs;
}

async function writePredictions({ request: { games, run }, inputs, predicted, now }: Writing, { ports }: FlowContext): Promise<Written> {
  const rows = predicted.flatMap((game) => game.rows);
  for (const row of rows) if (row.is_active) refuseContradictedLine(row);
  const written = await writeOutput(ports, { outputRows: { output, rows, replaces: false }, runs: [{ ...run, games: [...games] }], now });
  const superseded = games.filter((game) => !written.some(({ scope }) => scope === game));
  const made = rows.filter(({ nba_game_id: game }) => !superseded.some((one) => one === game));
  const before = superseded.length === 0 ? inputs.standing : await readAgain(ports.warehouse, { date: run.gameDate, games: superseded, before: inputs.standing });
  const told = predicted.map((one) => (superseded.includes(one.game) ? nobody(one.game, inputsOf(inputs, one.game), 'later-revision-stands') : one));
  return {
    made, superseded: superseded.length,
    completions: told.map(({ game, players }) => completionOf(run.gameDate, { game, rows: standingAfter(game, made, before), players })),
    players: told.flatMap(({ players }) => players),
  };
}

const takenBack = ({ made }: Written): number => made.filter((row) => row.invalidation_reason === 'game-postponed').length;

function outcomeOf(written: Written): string {
  if (written.made.length === 0) return 'nothing-to-predict';
  return takenBack(written) > 0 ? 'invalidated' : 'predicted';
}

const inputsOf = (inputs: PredictionInputs, game: OfficialGameId): PredictionInputs => ({
  ...inputs,
  players: inputs.players.filter((player) => player.nba_game_id === game),
  standing: inputs.standing.filter((row) => row.nba_game_id === game),
});

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

/** What is written takes the place of what stood; of a player of whom nothing is written, what stood stands. */
function standingAfter(game: OfficialGameId, changed: readonly Prediction[], before: readonly Prediction[]): readonly Prediction[] {
  const own = changed.filter((row) => row.nba_game_id === game);
  const written = new Set(own.map(keyOf));
  return [...own, ...before.filter((row) => row.nba_game_id === game && !written.has(keyOf(row)))];
}

const keyOf = ({ player_lookup: player, system_id: system, line_key: line }: Prediction): string => `${player}|${system}|${line}`;

interface CompletedGame {
  readonly game: OfficialGameId;
  readonly rows: readonly Prediction[];
  readonly players: readonly PlayerAnswer[];
}

/** The content is what stands: superseded rows are history. A game with players who have failed is complete in part, and the gate behind judges it so. */
function completionOf(gameDate: Completion['gameDate'], { game, rows, players }: CompletedGame): Completion {
  const { business } = tableNamed(output);
  const active = rows.filter((row) => row.is_active);
  const hashes = active.map((row) => ({ data_hash: hashRow(row, business) }));
  const lacking = players.filter(({ state, player }) => state === 'failed' && !active.some((row) => row.player_lookup === player)).length;
  return { gameDate, output, scope: game, contentHash: hashRows(hashes), rowCount: active.length, ...(lacking === 0 ? {} : { expectedRowCount: active.length + lacking * predictionSystems.length }) };
}
