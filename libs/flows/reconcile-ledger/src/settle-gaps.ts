import { healingPolicy } from '@handoff/catalogue';
import { gameDate, isoInstant, type EpochMs, type ExpectedOutputRow, type GapsDetected, type Sport } from '@handoff/contracts';
import { gapsOn, openGaps, writeGap } from '@handoff/gap-ledger';
import { findGaps, gapKey, gapSeverity, isOpen, settleGaps, type Gap } from '@handoff/ledger';
import type { FlowContext, Ports } from '@handoff/ports';
import { loadLedgerOfDates } from '@handoff/read-models';

export interface SettledGaps {
  readonly opened: number;
  readonly ended: number;
  readonly open: number;
  /** When the next of them is to be acted on; undefined where none is open. */
  readonly nextActionAt: EpochMs | undefined;
}

/**
 * Opens, keeps up and ends gaps by what the ledger says now, asks for those that are due to be healed, and tells people
 * of those that have been open for long. `rows` are those that were looked at: any FAILED among them makes the ledger of
 * its date be read whole, settled rows too, since a gap is what waits for nothing else.
 */
export async function settleGapsOf(sport: Sport, rows: readonly ExpectedOutputRow[], { ports, correlationId }: FlowContext): Promise<SettledGaps> {
  const now = ports.clock.now();
  const open = await openGaps(ports.state);
  const dates = [...new Set([...rows.filter(({ state }) => state === 'FAILED').map(({ game_date: date }) => date), ...open.map((gap) => gap.gameDate)])].sort().map(gameDate);
  if (dates.length === 0) return { opened: 0, ended: 0, open: 0, nextActionAt: undefined };
  const ledger = await loadLedgerOfDates(ports.warehouse, dates);
  const known = await withEnded(ports, open, ledger);
  const changes = settleGaps({ known, rows: ledger, now });
  // Before they are written: what has ended is not looked at again, and a crash in between would leave it told of.
  for (const gap of changes.filter((one) => !isOpen(one))) await ports.notifier.resolve('gap-open', gapKey(gap), now);
  for (const gap of changes) await writeGap(ports.state, gap);
  const current = [...new Map([...known, ...changes].map((gap) => [gapKey(gap), gap])).values()].filter(isOpen);
  await askForHealing(sport, current.filter(({ nextActionAt }) => nextActionAt !== null && nextActionAt <= now), { ports, correlationId });
  await tellPeople(current, ports);
  return {
    opened: changes.filter(({ status, openedAt }) => status === 'open' && openedAt === now).length,
    ended: changes.filter((gap) => !isOpen(gap)).length,
    open: current.length,
    nextActionAt: current.flatMap(({ nextActionAt }) => (nextActionAt === null ? [] : [nextActionAt])).toSorted((left, right) => left - right)[0],
  };
}

async function askForHealing(sport: Sport, due: readonly Gap[], { ports, correlationId }: Pick<FlowContext, 'ports' | 'correlationId'>): Promise<void> {
  if (due.length === 0) return;
  const now = ports.clock.now();
  const payload: GapsDetected = { sport, lookId: `${sport}_gaps_${isoInstant(now)}`, detectedAt: now, gaps: due.map(gapKey) };
  await ports.bus.publish('gaps-detected', { key: payload.lookId, payload, correlationId });
}

/** One incident for each gap that has been open for hours, louder by its age. */
async function tellPeople(open: readonly Gap[], { notifier, clock }: Ports): Promise<void> {
  const at = clock.now();
  for (const gap of open) {
    const severity = gapSeverity(gap, healingPolicy, at);
    if (severity === undefined) continue;
    const { missing, attempts, attemptCount, nextActionAt } = gap;
    const facts = { missing: missing.slice(0, 20), missingCount: missing.length, openedAt: isoInstant(gap.openedAt), attempts: attemptCount, lastRepair: attempts.at(-1)?.repair ?? 'none', nextActionAt: nextActionAt === null ? 'none' : isoInstant(nextActionAt) };
    await notifier.alert({ cause: 'gap-open', subject: gapKey(gap), severity, title: `${gap.subject} of ${gap.gameDate} is missing for ${missing.length} of its scopes`, facts, at });
  }
}

/** With the gaps that have ended and may open again: their occurrences are counted. */
async function withEnded({ state }: Ports, open: readonly Gap[], ledger: readonly ExpectedOutputRow[]): Promise<readonly Gap[]> {
  const isKnown = new Set(open.map(gapKey));
  const dates = [...new Set(ledger.map(({ game_date: date }) => date))];
  const found = dates.flatMap((date) => findGaps(ledger.filter((row) => row.game_date === date)));
  return [...open, ...(await gapsOn(state, found.filter((gap) => !isKnown.has(gapKey(gap)))))];
}
