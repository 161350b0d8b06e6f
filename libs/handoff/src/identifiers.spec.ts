import { gameDate, hashOf, OfficialGameId, PhaseTriggered, type Completion } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { completionId, handoffId, releaseId, triggerId, type HandoffKey } from './identifiers.ts';

const key: HandoffKey = { sport: 'nba', gameDate: gameDate('2026-01-24'), flow: 'postgame', phase: 'phase3' };
const completion: Completion = { gameDate: gameDate('2026-01-24'), output: 'nba_raw.bdl_player_boxscores', scope: OfficialGameId.parse('0022500645'), contentHash: hashOf('a'), rowCount: 21 };

it('names a hand-off by sport, date, flow and the phase that is started, and a release by its revision besides', () => {
  expect(handoffId(key)).toBe('nba_2026-01-24_postgame_phase3');
  expect(releaseId(key, 2)).toBe('nba_2026-01-24_postgame_phase3_r2');
});

it('names a trigger after its one release, and several by a digest that their order is part of', () => {
  expect(triggerId(['a_r1'])).toBe('a_r1');
  expect(triggerId(['a_r1', 'b_r1'])).toMatch(/^bundle_[0-9a-f]{32}$/);
  expect(triggerId(['a_r1', 'b_r1'])).not.toBe(triggerId(['b_r1', 'a_r1']));
});

it('keeps the trigger of a whole season within the 200 characters of an id', () => {
  const ids = Array.from({ length: 180 }, (_, index) => releaseId(key, index + 1));
  expect(PhaseTriggered.shape.triggerId.safeParse(triggerId(ids)).success).toBe(true);
});

it.each<readonly [string, Partial<Completion>, boolean]>([
  ['the same said again', {}, true],
  ['another count of rows of the same content', { rowCount: 3 }, true],
  ['another content', { contentHash: hashOf('b') }, false],
  ['another game', { scope: OfficialGameId.parse('0022500646') }, false],
  ['the whole slate', { scope: 'slate' }, false],
  ['another output', { output: 'nba_raw.nbac_player_boxscores' }, false],
])('a completion id tells what is said: %s', (_what, over, isSame) => {
  expect(completionId({ ...completion, ...over }) === completionId(completion)).toBe(isSame);
});

it('a completion of a file is named without the slash that no document may have', () => {
  const { contentHash } = completion;
  expect(completionId({ ...completion, output: 'exports/results', scope: 'slate' })).toBe(`exports.results|slate|${contentHash}`);
});
