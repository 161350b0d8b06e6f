import { outputNamed, transitions } from '@handoff/catalogue';
import { gameDate as dateOf, type EpochMs, type GameDate, type OfficialGameId, type Sport } from '@handoff/contracts';
import { releasesOf, type ReleaseDocument } from '@handoff/handoff-state';
import type { Ports } from '@handoff/ports';
import { loadGameTrace, loadSlate, type GameTrace, type TracedArrival } from '@handoff/read-models';
import type { RetryItem } from '@handoff/retry';
import { retryId, retryQueue, type RetryDocument } from '@handoff/retry-queue';
import { dateGameIdOf } from '@handoff/slate';
import { openConflicts } from '@handoff/streaming-conflicts';
import { gapsOfGame, type TracedGap } from './gaps-of-game.ts';
import { identifyGame, type IdentifiedGame } from './identify-game.ts';

export interface TracedStep {
  readonly output: string;
  readonly phase: string;
  readonly flow: string;
  readonly rows: number;
  readonly degradedRows: number;
  /** Predictions that were taken back. */
  readonly invalidatedRows: number;
  readonly revision: number | null;
  readonly firstAt: EpochMs | null;
  readonly lastAt: EpochMs | null;
  /** As the ledger has it; null before it was planned. */
  readonly state: string | null;
  readonly reason: string | null;
  /** The output with which it began; null for what is there. */
  readonly cause: string | null;
  readonly expectedBy: EpochMs | null;
}

export interface TracedRelease {
  readonly from: string;
  readonly to: string;
  readonly flow: string;
  readonly revision: number;
  readonly verdict: string;
  readonly releasedAt: EpochMs;
  /** Of this game alone. */
  readonly missing: readonly string[];
}

/** A game on one of the dates on which it was planned. */
export interface TracedDate {
  readonly gameDate: GameDate;
  readonly status: string;
  readonly movedIn: boolean;
  readonly tipAt: EpochMs | null;
  readonly steps: readonly TracedStep[];
  readonly releases: readonly TracedRelease[];
}

export interface TracedRetry {
  readonly id: string;
  readonly status: RetryItem['status'];
  readonly kind: string;
  readonly processor: string;
  readonly tries: number;
  readonly nextAt: EpochMs | null;
  readonly why: string;
}

/** One game through all phases. */
export interface TracedGame extends IdentifiedGame {
  readonly now: EpochMs;
  /** `20260115_MEM_ORL`, on the last of its dates. */
  readonly dateId: string;
  readonly onDates: readonly TracedDate[];
  readonly arrivals: readonly TracedArrival[];
  readonly retries: readonly TracedRetry[];
  readonly gaps: readonly TracedGap[];
  /** Tables that streamed rows keep the game from being written to. */
  readonly conflicts: readonly string[];
}

export interface TraceRequest {
  readonly sport: Sport;
  /** Any id of the game. */
  readonly game: string;
}

/**
 * Follows one game through all phases: what each step holds of it and since when, what was handed off, what was tried
 * again, which gaps it was in, and what the ledger says of the rest. Reads only.
 *
 * @throws as `identifyGame` does, and what the stores throw: what could not be read is not shown as empty.
 */
export async function traceGame({ state, warehouse, clock }: Ports, { sport, game: asked }: TraceRequest): Promise<TracedGame> {
  const game = await identifyGame(warehouse, asked);
  const trace = await loadGameTrace(warehouse, game.officialId, game.dates);
  const onDates: TracedDate[] = [];
  for (const date of game.dates) {
    const standing = (await loadSlate({ state, warehouse }, date)).find(({ officialId }) => officialId === game.officialId);
    onDates.push({
      gameDate: date, status: standing?.status ?? 'unknown', movedIn: standing?.movedIn ?? false, tipAt: standing?.tipAt ?? null,
      steps: stepsOf(trace, date), releases: await releasesOn({ state }, { sport, date, game: game.officialId }),
    });
  }
  const retries = (await state.query<RetryDocument>({ collection: retryQueue })).map(({ value }) => value.item).filter((item) => concerns(item, game.officialId)).map(tracedRetry);
  const conflicts = (await openConflicts(state)).filter((conflict) => conflict.game === game.officialId).map(({ table }) => table);
  const dateId = dateGameIdOf({ gameDate: game.dates.at(-1) ?? dateOf('2000-01-01'), home: game.home, away: game.away });
  return { ...game, now: clock.now(), dateId, onDates, arrivals: trace.arrivals, retries, gaps: gapsOfGame(trace.gapChanges, game.officialId), conflicts };
}

/** What the ledger expects of the game on a date, and what is there beside it, in the catalogue's order. */
function stepsOf({ outputs, expectations }: GameTrace, date: GameDate): readonly TracedStep[] {
  const names = [...new Set([...expectations.filter((row) => row.game_date === date), ...outputs.filter((row) => row.game_date === date)].map(({ output }) => output))];
  return names.map((name): TracedStep => {
    const held = outputs.find((row) => row.output === name && row.game_date === date);
    const expected = expectations.find((row) => row.output === name && row.game_date === date);
    const { phase, flow } = outputNamed(name) ?? { phase: '', flow: '' };
    return {
      output: name, phase, flow, rows: held?.row_count ?? 0, degradedRows: held?.degraded_count ?? 0, invalidatedRows: held?.invalidated_count ?? 0, revision: held?.revision ?? null, firstAt: held?.first_at ?? null, lastAt: held?.last_at ?? null,
      state: expected?.state ?? null, reason: expected?.reason ?? null, cause: expected?.cause ?? null, expectedBy: expected?.expected_by ?? null,
    };
  }).sort((left, right) => `${left.flow === 'pregame' ? 0 : 1}${left.phase}${left.output}`.localeCompare(`${right.flow === 'pregame' ? 0 : 1}${right.phase}${right.output}`, 'en'));
}

async function releasesOn({ state }: Pick<Ports, 'state'>, { sport, date, game }: { readonly sport: Sport; readonly date: GameDate; readonly game: OfficialGameId }): Promise<readonly TracedRelease[]> {
  const found: TracedRelease[] = [];
  for (const { from, to, flow } of transitions) {
    for (const { value } of await state.query<ReleaseDocument>({ collection: releasesOf({ sport, gameDate: date, flow, phase: to }) })) {
      const missing = value.run.missing.filter((pair) => pair.endsWith(`|${game}`));
      if (value.run.games.includes(game) || missing.length > 0) found.push({ from, to, flow, revision: value.run.revision, verdict: value.verdict, releasedAt: value.releasedAt, missing });
    }
  }
  return found.sort((left, right) => left.releasedAt - right.releasedAt);
}

const concerns = ({ workKey, awaits }: RetryItem, game: OfficialGameId): boolean => workKey.includes(game) || awaits?.games.includes(game) === true;

const tracedRetry = (item: RetryItem): TracedRetry => ({
  id: retryId(item.workKey), status: item.status, kind: item.kind, processor: item.processorName, tries: item.retryCount, nextAt: item.status === 'pending' ? item.dueAt : null, why: item.resolution ?? `${item.failure.code}: ${item.failure.message}`,
});
