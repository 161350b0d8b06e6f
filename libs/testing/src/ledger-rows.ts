import { gameDate, parseInstant, type ExpectedOutputRow } from '@handoff/contracts';
import type { Gap } from '@handoff/ledger';

const [box, dueAt] = ['nba_raw.bdl_player_boxscores', parseInstant('2026-01-25T11:30:00Z')];

/** The box score of a game of 2026-01-24, expected by 06:30 ET of the day after. */
export const anExpectedOutput = (over: Partial<ExpectedOutputRow> = {}): ExpectedOutputRow => ({
  game_date: '2026-01-24', output: box, scope: '0022500645', phase: 'phase2', flow: 'postgame', recovery_class: 'convergent', state: 'EXPECTED', reason: 'planned', cause: null, expected_by: dueAt, row_count: 0,
  planned_at: parseInstant('2026-01-24T08:00:00Z'), observed_at: null, ...over,
});

/** That box score, missed when it was due, and not acted on yet. */
export const aGap = (over: Partial<Gap> = {}): Gap => ({
  gameDate: gameDate('2026-01-24'), flow: 'postgame', phase: 'phase2', subject: box, occurrence: 1, status: 'open', missing: [`${box}|0022500645`], purpose: 'live', openedAt: dueAt, attempts: [], attemptCount: 0,
  round: 0, attemptsInRound: 0, nextActionAt: dueAt, endedAt: null, resolution: null, version: 1, updatedAt: dueAt, ...over,
});
