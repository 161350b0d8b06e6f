import { listBreakers } from '@handoff/breakers';
import { daySummaryLimits } from '@handoff/catalogue';
import { before, hours, type DailyScorecardRow, type EpochMs, type GameDate, type Sport } from '@handoff/contracts';
import { deadLetters, type DeadLetterDocument } from '@handoff/dead-letters';
import { openGaps } from '@handoff/gap-ledger';
import type { Ports } from '@handoff/ports';
import { addDays } from '@handoff/slate';
import { summariseDay, type DaySummary } from '@handoff/validation';
import { loadDecisions } from './load-decisions.ts';
import { loadRecentSlates, playedOn } from './load-handoffs.ts';
import scorecardsOfDates from './scorecards-of-dates.sql';

/** The summary of a morning, and what it is of. */
export interface LoadedSummary extends DaySummary {
  readonly at: EpochMs;
  readonly gameDate: GameDate;
}

/** Gathers what a night has left, as it is now. Reads only. `dueAt` says which night: the one before that instant's Eastern day. */
export async function loadDaySummary(ports: Ports, sport: Sport, dueAt: EpochMs = ports.clock.now()): Promise<LoadedSummary> {
  const now = ports.clock.now();
  const recent = await loadRecentSlates(ports, dueAt);
  const { today, slates } = recent;
  const yesterday = addDays(today, -1);
  const { state, warehouse } = ports;
  const summary = summariseDay({
    today, yesterday,
    decisions: await loadDecisions(ports, { sport, since: before(now, hours(daySummaryLimits.lookBackHours)), now }),
    slate: { games: playedOn(recent, today).length, postponed: (slates.get(today) ?? []).length - playedOn(recent, today).length },
    gamesYesterday: playedOn(recent, yesterday).length,
    scorecards: await warehouse.query<DailyScorecardRow>({ name: 'pipeline-health/scorecards-of-dates', text: scorecardsOfDates }, { from_date: { type: 'DATE', value: addDays(today, -daySummaryLimits.trendDays) }, until_date: { type: 'DATE', value: yesterday } }),
    openGaps: (await openGaps(state)).map(({ subject, gameDate, missing }) => `${subject} of ${gameDate} (${missing.length})`),
    openBreakers: (await listBreakers(state)).filter((breaker) => breaker.state !== 'closed').map(({ kind, subject }) => `${kind} ${subject}`),
    deadLetters: (await state.query<DeadLetterDocument>({ collection: deadLetters, where: [{ field: 'status', operator: '==', value: 'waiting' }] })).length,
  });
  return { ...summary, at: now, gameDate: today };
}
