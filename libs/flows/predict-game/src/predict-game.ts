import type { UpcomingPlayerContext } from '@handoff/analytics';
import { hashRow, hashRows, type Completion, type EpochMs, type PredictionRequested, type PredictionsReady } from '@handoff/contracts';
import { tableNamed } from '@handoff/catalogue';
import { writeOutput } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { loadSlate } from '@handoff/read-models';
import { invalidate, predictPlayer, predictionSystems, supersede, type Prediction } from '@handoff/scoring';
import { loadGameInputs, type GameInputs } from './load-game-inputs.ts';

const output = 'nba_predictions.player_prop_predictions';

/**
 * Predicts the players of one game with every system, and writes what stands and what it superseded in one
 * MERGE. A postponed game's predictions are taken back, and those of players who are no longer expected;
 * from tip-off on nothing changes any more.
 */
export async function predictGame(request: PredictionRequested, context: FlowContext): Promise<FlowReport> {
  const { ports, correlationId } = context;
  const { game, run, sport, purpose, requestId, triggerId } = request;
  const now = ports.clock.now();
  const slate = await loadSlate(ports.warehouse, run.gameDate);
  const scheduled = slate.find(({ officialId }) => officialId === game);
  const inputs = await loadGameInputs(ports.warehouse, run.gameDate, game);
  const isPostponed = scheduled?.status === 'postponed';
  const hasStarted = scheduled === undefined || now >= scheduled.tipAt;
  const changed = isPostponed ? invalidate(inputs.standing, 'game-postponed') : hasStarted ? [] : predict(inputs, now);
  const skipped = inputs.players.length - new Set(changed.map(({ player_lookup: player }) => player)).size;
  await writeOutput(ports.warehouse, { outputRows: { output, rows: changed, replaces: false }, runs: [run], now });
  const completion = completionOf(request, changed.length > 0 ? changed : inputs.standing);
  const payload: PredictionsReady = { sport, purpose, requestId, triggerId, game, run, completion };
  await ports.bus.publish('prediction-ready', { key: `${requestId}_ready`, payload, correlationId });
  return { outcome: isPostponed ? 'invalidated' : hasStarted ? 'tipped-off' : 'predicted', facts: { game, rows: changed.length, skipped } };
}

function predict({ players, features, history, league, standing }: GameInputs, now: EpochMs): readonly Prediction[] {
  const fresh = players.flatMap((player) => predictOne(player, { features, history, league, now }));
  const expected = new Set(players.map(({ player_lookup: player }) => player));
  const goneOut = standing.filter((row) => row.is_active && !expected.has(row.player_lookup));
  return [...supersede(standing, fresh), ...invalidate(goneOut, 'player-ruled-out')];
}

function predictOne(player: UpcomingPlayerContext, { features, history, league, now }: Pick<GameInputs, 'features' | 'history' | 'league'> & { readonly now: EpochMs }): readonly Prediction[] {
  const vector = features.get(player.player_lookup);
  if (vector === undefined) return [];
  const verdict = predictPlayer({ systems: predictionSystems, player, features: vector, games: history.get(player.player_lookup) ?? [], league, now });
  return verdict.verdict === 'predicted' ? verdict.rows : [];
}

/** The content is what stands: superseded rows are history. */
function completionOf({ game, run }: PredictionRequested, rows: readonly Prediction[]): Completion {
  const { business } = tableNamed(output);
  const active = rows.filter((row) => row.is_active).map((row) => ({ data_hash: hashRow(row, business) }));
  return { gameDate: run.gameDate, output, scope: game, contentHash: hashRows(active), rowCount: active.length };
}
