import { phaseMonitorLimits } from '@handoff/catalogue';
import { before, hours, type EpochMs, type Sport } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { dueTime } from '@handoff/slate';
import { checkCompleteness, checkDecisionGap, checkPredictions, checkStuckRuns, checkTransitionDelay, type PredictionFacts } from '@handoff/validation';
import type { HealthReport } from './health-report.ts';
import { loadDecisions } from './load-decisions.ts';
import { loadUntakenScrapes } from './load-untaken-scrapes.ts';
import { loadHandoffs, loadRecentSlates, playedOn, type RecentSlates, type SentRun, type StandingHandoff } from './load-handoffs.ts';

export interface PhaseHealth extends HealthReport {
  /** What was asked of a function and has not come to its end, as far as no later work has made up for it. */
  readonly runs: readonly SentRun[];
}

/** Looks at the hand-offs of tonight and of last night: requirement F214. Reads the state store alone. */
export async function loadPhaseHealth(ports: Ports, sport: Sport): Promise<PhaseHealth> {
  const now = ports.clock.now();
  const { warning, critical } = phaseMonitorLimits.decisionGap;
  const decisions = await loadDecisions(ports, { sport, since: before(now, hours(1)), now });
  const recent = await loadRecentSlates(ports, now);
  const handoffs = await loadHandoffs(ports, sport, recent);
  const runs = [...handoffs.flatMap(({ releases }) => releases), ...(await loadUntakenScrapes(ports.state, sport, now))];
  const judged = handoffs.flatMap(({ name, judged: document }) => (document === undefined ? [] : [{ name, verdict: document.verdict, coverage: document.coverage }]));
  return {
    at: now,
    runs,
    checks: [checkDecisionGap(decisions, { warning, critical }), checkTransitionDelay(runs, now), checkStuckRuns(runs, now), checkCompleteness(judged), checkPredictions(predictionFacts(recent, handoffs), now)],
  };
}

/** A slate whose predictions were handed on has some. */
function predictionFacts(recent: RecentSlates, handoffs: readonly StandingHandoff[]): PredictionFacts {
  const { today } = recent;
  const published = handoffs.some(({ gameDate, transition, releases }) => gameDate === today && transition.from === 'phase5' && releases.length > 0);
  return { gameDate: today, tipOffs: playedOn(recent, today).map(({ tipAt }): EpochMs => tipAt), dueAt: dueTime(today, phaseMonitorLimits.predictionsDue), arePublished: published };
}
