import { gamesPerPredictionRequest } from '@handoff/catalogue';
import { hasCode, type EpochMs, type PhaseRun, type PhaseTriggered } from '@handoff/contracts';
import { commitWithOutbox } from '@handoff/outbox';
import { writeOutput } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, StateWrite } from '@handoff/ports';
import { batchRef, openRef, requestIdOf, type BatchDocument, type BatchPlayer, type BatchRequest } from '@handoff/prediction-batches';
import { loadAnswers } from './batch-facts.ts';
import { endReport } from './end-batch.ts';
import { loadExpectedPlayers } from './load-expected-players.ts';
import { sendingOf } from './send-request.ts';

/**
 * Starts a batch of predictions: requests of a few games each, written in one atomic batch with what the batch waits
 * for. A repetition finds the batch and leaves its requests to the outbox. A postponed game is requested too:
 * its predictions have to be taken back. Where there is no game to predict, as in an upgrade whose missing game was
 * postponed, the batch is complete as it begins, and the label of the date is taken off here.
 */
export async function startBatch(trigger: PhaseTriggered, context: FlowContext): Promise<FlowReport> {
  const { ports, correlationId } = context;
  const now = ports.clock.now();
  const { triggerId } = trigger;
  await settleWithoutGames(trigger.runs.filter(({ games }) => games.length === 0), context);
  const requests = await requestsOf(trigger, context, now);
  const isOpen = requests.length > 0;
  const batch: BatchDocument = { trigger, requests, status: isOpen ? 'open' : 'complete', without: [], startedAt: now, correlationId };
  try {
    const entries = requests.map((request) => sendingOf(batch, request));
    const opened: readonly StateWrite[] = isOpen ? [{ kind: 'create', ref: openRef(triggerId), value: { startedAt: now } }] : [];
    await commitWithOutbox(ports, { now, entries, writes: [{ kind: 'create', ref: batchRef(triggerId), value: batch }, ...opened] });
  } catch (error) {
    if (!hasCode(error, 'state-already-exists')) throw error;
    return { ...(isOpen ? {} : { ended: endReport(batch, new Map()).ended ?? [] }), outcome: 'batch-exists', facts: { triggerId } };
  }
  if (!isOpen) return endReport(batch, await loadAnswers(ports.state, triggerId));
  return { outcome: 'batch-started', facts: { triggerId, requests: requests.length, players: requests.reduce((sum, { players }) => sum + players.length, 0) } };
}

/** A run without games writes nothing; its label is settled as that of any write is. */
async function settleWithoutGames(runs: readonly PhaseRun[], { ports }: FlowContext): Promise<void> {
  if (runs.length > 0) await writeOutput(ports, { outputRows: { output: 'nba_predictions.player_prop_predictions', rows: [], replaces: false }, runs, now: ports.clock.now() });
}

async function requestsOf({ runs, triggerId }: PhaseTriggered, { ports }: FlowContext, now: EpochMs): Promise<readonly BatchRequest[]> {
  const expected = await loadExpectedPlayers(ports.warehouse, runs);
  return runs.flatMap((run) =>
    inParts(run.games, gamesPerPredictionRequest).map((games, part): BatchRequest => {
      const players: readonly BatchPlayer[] = (expected.get(run) ?? []).filter(({ game }) => games.includes(game));
      return { requestId: requestIdOf(triggerId, run.gameDate, part), gameDate: run.gameDate, games, players, attempt: 1, sentAt: now };
    }));
}

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => items.slice(part * size, (part + 1) * size));
}
