import { outputNamed, outputOf, outputs, type Output } from '@handoff/catalogue';
import { epochMs, hashOf, isoInstant, pairOf, Phase, PipelineError, type GameDate, type OfficialGameId, type Sport } from '@handoff/contracts';
import { commitWithOutbox } from '@handoff/outbox';
import type { Ports } from '@handoff/ports';
import { loadLivedThrough, loadLostRows, loadObservedOutputs, loadSlates, type LostRows, type ObservedOutput } from '@handoff/read-models';
import { datesBetween, gameDateOf } from '@handoff/slate';
import { openConflicts } from '@handoff/streaming-conflicts';
import { loadStored, scrapeAgain, startAgain, type BackfillOrder, type BackfillStep } from './backfill-steps.ts';
import { planDate, tablesConcerned, type BackfillPiece, type DateFacts, type Held, type StreamedTable } from './plan-backfill.ts';

export interface BackfillRequest {
  readonly sport: Sport;
  /** An output by any of its names, or a phase. */
  readonly target: string;
  readonly from: GameDate;
  readonly until: GameDate;
  /** Empty: every game. */
  readonly games: readonly OfficialGameId[];
  /** Present: what is there is made again too, for this reason. */
  readonly forceReason: string | undefined;
}

/** Data passes the phases in this order; so do backfills. */
const order: readonly Phase[] = ['phase2', 'phase3', 'phase4', 'phase5', 'phase6-grade', 'phase6-publish'];

/** The outputs that a target means, in the order in which they are made. @throws `unknown-output` (reject). */
export function targetsOf(target: string): readonly Output[] {
  const phase = Phase.safeParse(target);
  const one = outputNamed(target) ?? outputOf(target);
  const found = phase.success ? outputs.filter((output) => output.phase === phase.data && output.need !== 'alternative') : one === undefined ? [] : [one];
  if (found.length === 0) throw new PipelineError({ code: 'unknown-output', disposition: 'reject', message: `there is no output or phase ${target} that can be made again: handoff catalogue list names them`, facts: { target } });
  return found.toSorted((left, right) => order.indexOf(left.phase) - order.indexOf(right.phase));
}

/** What is to be made, and what is left alone and why, as the tables are now. Reads only; a failed read throws. */
export async function planBackfill(ports: Ports, request: BackfillRequest): Promise<readonly BackfillPiece[]> {
  const { from, until, games, forceReason } = request;
  const targets = targetsOf(request.target);
  const names = new Set(targets.flatMap(tablesConcerned));
  const held = await loadObservedOutputs(ports.warehouse, names, { from, until });
  const lost = await loadLostRows(ports.warehouse, { from, until });
  const slates = await loadSlates(ports, from, until);
  const conflicts = (await openConflicts(ports.state)).map(({ table, game, details }) => ({ table, game, until: details['until'] === null || details['until'] === undefined ? undefined : untilText(details['until']) }));
  const streamed = await loadStreamed(ports, names);
  const now = ports.clock.now();
  const wasLived = await loadLivedThrough(ports.warehouse, { from, until, today: gameDateOf(now) });
  const facts = datesBetween(from, until).map((gameDate): DateFacts => ({
    gameDate, now, conflicts, streamed, wasLivedThrough: wasLived(gameDate), slate: slates.get(gameDate) ?? [],
    held: new Map(held.filter((row) => row.game_date === gameDate).map((row) => [pairOf(row.output, row.scope), heldOf(row, lost)])),
  }));
  return targets.flatMap((output) => facts.flatMap((ofDate) => planDate(output, ofDate, { games, isForced: forceReason !== undefined })));
}

async function loadStreamed({ warehouse }: Pick<Ports, 'warehouse'>, tables: ReadonlySet<string>): Promise<readonly StreamedTable[]> {
  const found = await Promise.all([...tables].map(async (table) => ({ table, rows: await warehouse.streamedRows(table) })));
  return found.flatMap(({ table, rows }) => (rows === undefined ? [] : [{ table, until: isoInstant(rows.until) }]));
}

const heldOf = (row: ObservedOutput, lost: readonly LostRows[]): Held => ({
  rows: row.row_count, degradedRows: row.degraded_count, lastAt: row.last_at,
  isPart: lost.some((one) => one.game_date === row.game_date && one.output === row.output && one.scope === row.scope && one.row_count > row.row_count),
});

/** A refusal tells the moment as milliseconds or as text, by who refused. */
const untilText = (until: string | number): string => (typeof until === 'number' ? isoInstant(epochMs(until)) : until);

/** The order that a request is: asked again on the same day it is the same, so that done work is not done twice. */
export function orderOf({ sport, target, from, until, games, forceReason }: BackfillRequest, { clock }: Pick<Ports, 'clock'>): BackfillOrder {
  const now = clock.now();
  const orderId = `backfill_${hashOf([target, from, until, ...games, forceReason ?? '', gameDateOf(now)].join('|')).slice(0, 16)}`;
  return { sport, orderId, reason: forceReason ?? `backfill of ${target}`, now };
}

/** A way to make pieces: the messages for those that are wanted. */
export type WayToMake = (pieces: readonly BackfillPiece[]) => Promise<readonly BackfillStep[]>;

/** The ways in which the pieces of a phase can be made, the smallest first: each is for what the one before did not bring. */
export const waysToMake = (phase: Phase, of: BackfillOrder, { objects }: Pick<Ports, 'objects'>): readonly WayToMake[] =>
  phase === 'phase2' ? [(pieces) => loadStored(pieces, of, objects), (pieces) => Promise.resolve(scrapeAgain(pieces, of))] : [(pieces) => Promise.resolve(startAgain(pieces, of))];

/** Sends the messages of a step. */
export const sendStep = (ports: Ports, { entries }: BackfillStep): Promise<void> => commitWithOutbox(ports, { writes: [], entries, now: ports.clock.now() });
