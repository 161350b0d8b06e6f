import { parseInstant } from '@handoff/contracts';
import { writeGap } from '@handoff/gap-ledger';
import type { Gap } from '@handoff/ledger';
import { aGap } from '@handoff/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';

const now = parseInstant('2026-01-25T12:00:00Z');
const box = 'nba_raw.bdl_player_boxscores';
const gap = aGap({ openedAt: now, nextActionAt: now });

let world: CliWorld;
beforeEach(() => { world = new CliWorld(now); });
afterEach(() => { world.remove(); });
const opened = (over: Partial<Gap> = {}) => world.act(({ state }) => writeGap(state, { ...gap, ...over }));

it('without a gap everything is there', async () => {
  await world.act(() => Promise.resolve());
  expect(await world.run('gaps', 'list')).toMatchObject({ code: 0, answer: { schema: 'handoff.gaps/1', gaps: [] } });
});

it('a gap that is being healed is a warning, and one that nothing filled an error', async () => {
  await opened();
  expect(await world.run('gaps', 'list')).toMatchObject({ code: 1, answer: { gaps: [{ gameDate: '2026-01-24', output: box, status: 'open', missing: [`${box}|0022500645`], nextActionAt: '2026-01-25T12:00:00.000Z' }] } });
  await opened({ version: 2, status: 'stopped' });
  expect((await world.run('gaps', 'list')).code).toBe(2);
  expect(await world.run('gaps', 'list', '--date', '2026-01-23')).toMatchObject({ code: 0, answer: { gaps: [] } });
});

it('a gap that has ended is shown to who asks for all', async () => {
  await opened();
  await opened({ version: 2, status: 'closed', endedAt: now, resolution: 'rows seen: 21', nextActionAt: null });
  expect(await world.run('gaps', 'list')).toMatchObject({ code: 0, answer: { gaps: [] } });
  expect(await world.run('gaps', 'list', '--all')).toMatchObject({ code: 0, answer: { gaps: [{ status: 'closed', resolution: 'rows seen: 21' }] } });
});

it('healing says what it would do, does it, and then has nothing to do', async () => {
  await opened();
  const plan = { schema: 'handoff.heal/1', actions: [{ output: box, saying: 'scrape bdl_player_box_scores for 0022500645', messages: 1 }] };
  expect(await world.run('heal', '--dry-run')).toMatchObject({ code: 0, answer: { ...plan, dryRun: true } });
  expect(await world.run('heal')).toMatchObject({ code: 0, answer: { ...plan, dryRun: false } });
  expect(await world.run('heal')).toMatchObject({ code: 0, answer: { actions: [] } });
  expect(await world.run('queue', 'list')).toMatchObject({ code: 1, answer: { items: [{ processor_name: box, kind: 'scrape', status: 'pending' }] } });
});

it('what waits for its next round is healed at once when people say so', async () => {
  await opened({ nextActionAt: parseInstant('2026-01-26T00:00:00Z'), status: 'stopped' });
  expect(await world.run('heal')).toMatchObject({ answer: { actions: [] } });
  expect(await world.run('heal', '--now')).toMatchObject({ answer: { actions: [{ saying: 'scrape bdl_player_box_scores for 0022500645' }] } });
});

it('a gap that people accept ends, with who and why, its alert is resolved, and only who asks for all sees it', async () => {
  await opened();
  await world.act(({ notifier }) => notifier.alert({ cause: 'gap-open', subject: `2026-01-24|postgame|${box}`, severity: 'critical', title: 'missing', facts: {}, at: now }));
  const order = ['gaps', 'waive', '--output', box, '--scope', '0022500645', '--reason', 'no source has it', '--by', 'somebody'] as const;
  expect(await world.run(...order, '--dry-run')).toMatchObject({ code: 0, answer: { dryRun: true, gap: { status: 'waived' } } });
  expect(await world.run('gaps', 'list')).toMatchObject({ answer: { gaps: [{ status: 'open' }] } });
  expect(await world.run(...order)).toMatchObject({ code: 0, answer: { schema: 'handoff.gap-waive/1', dryRun: false, gap: { status: 'waived', resolution: 'accepted by somebody: no source has it' } } });
  expect(await world.run('gaps', 'list')).toMatchObject({ code: 0, answer: { gaps: [] } });
  expect(await world.run('gaps', 'list', '--all')).toMatchObject({ answer: { gaps: [{ status: 'waived', waived: [{ by: 'somebody', reason: 'no source has it' }] }] } });
  expect((await world.run(...order)).code).toBe(64);
});
