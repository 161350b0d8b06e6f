import { gameDate, OfficialGameId, Tricode } from '@handoff/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeTeams, type DueGame } from './index.ts';

const thresholds = { warningPct: 90, criticalPct: 70 };
const [boston, memphis, orlando] = ['BOS', 'MEM', 'ORL'].map((code) => Tricode.parse(code)) as [Tricode, Tricode, Tricode];
const game = (index: number, isPresent: boolean, teams: readonly [Tricode, Tricode] = [boston, memphis]): DueGame =>
  ({ gameDate: gameDate('2026-01-24'), officialId: OfficialGameId.parse(`00225${String(index).padStart(5, '0')}`), teams, isPresent });
const of = (present: number, games: number) => judgeTeams(Array.from({ length: games }, (_, index) => game(index, index < present)), thresholds);

it.each([
  [10, 10, 'ok'], [9, 10, 'ok'], [89, 100, 'warning'], [7, 10, 'warning'], [69, 100, 'critical'], [0, 1, 'critical'],
])('%i of %i games is %s', (present, games, severity) => {
  expect(of(present, games).map((team) => team.severity)).toEqual([severity, severity]);
});

it('names the games that a team lacks, the worst team first', () => {
  const [worst, ...others] = judgeTeams([game(1, false), game(2, true), game(3, true, [memphis, orlando])], thresholds);
  expect(worst).toMatchObject({ team: boston, games: 2, present: 1, coveragePct: 50, missing: [{ officialId: '0022500001' }] });
  expect(others.map(({ team }) => team)).toEqual([memphis, orlando]);
});

it('judges nobody where nobody has played', () => {
  expect(judgeTeams([], thresholds)).toEqual([]);
});

it('never gets worse for a team when one of its games arrives', () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), fc.nat(29), (present, arrives) => {
    const judged = (states: readonly boolean[]) => judgeTeams(states.map((isPresent, index) => game(index, isPresent)), thresholds)[0]?.coveragePct ?? 0;
    expect(judged(present.map((isPresent, index) => isPresent || index === arrives))).toBeGreaterThanOrEqual(judged(present));
  }));
});
