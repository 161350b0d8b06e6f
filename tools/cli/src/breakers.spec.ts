import { join } from 'node:path';
import { CircuitBreakers, EntityBreakers } from '@handoff/breakers';
import { CircuitBreakerConfig } from '@handoff/catalogue';
import { gameDate, parseInstant } from '@handoff/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli-world.ts';
import { main } from './main.ts';

let world: CliWorld;
beforeEach(() => { world = new CliWorld(parseInstant('2026-01-25T11:00:00Z')); });
afterEach(() => { world.remove(); });

const config = CircuitBreakerConfig.parse({});
const sourceFails = (times: number) => world.act(async (ports) => {
  for (let time = 0; time < times; time += 1) await new CircuitBreakers(ports, config).recordFailure({ kind: 'service', subject: 'balldontlie' }, 'source-unavailable: no answer');
});
const playerFails = (times: number) => world.act(async (ports) => {
  const run = { processor: 'nba_predictions.ml_feature_store_v2', date: gameDate('2026-01-24'), correlationId: 'chain' };
  for (let time = 0; time < times; time += 1) await new EntityBreakers(ports, config).judge({ ...run, runId: `r${time}` }, [{ entity: 'franzwagner', completenessPct: 60, lacks: 'history-incomplete' }]);
});
const breakers = (...args: readonly string[]) => world.run('breakers', ...args);
const reset = (...args: readonly string[]) => breakers('reset', ...args, '--reason', 'key renewed');

it('breakers that are closed are fine, whatever counts against them', async () => {
  await sourceFails(4);
  expect(await breakers('list')).toMatchObject({ code: 0, answer: { schema: 'handoff.breakers/1', now: '2026-01-25T11:00:00.000Z', breakers: [{ kind: 'service', subject: 'balldontlie', state: 'closed', failures: 4, opened_at: null, until: null }] } });
});

it('an open one is a warning, and is shown with what opened it and until when', async () => {
  await sourceFails(5);
  expect(await breakers('list')).toMatchObject({ code: 1, answer: { breakers: [{ state: 'open', failures: 5, opened_at: '2026-01-25T11:00:00.000Z', until: '2026-01-25T11:05:00.000Z', last_note: 'source-unavailable: no answer' }] } });
  expect(await breakers('list', '--kind', 'processor')).toMatchObject({ code: 0, answer: { breakers: [] } });
});

it('is reset for a reason that is kept, after a dry run that changes nothing', async () => {
  await sourceFails(5);
  expect(await reset('--kind', 'service', '--subject', 'balldontlie', '--dry-run')).toMatchObject({ code: 0, answer: { dryRun: true, reset: ['balldontlie'] } });
  expect((await breakers('list')).code).toBe(1);
  expect(await reset('--kind', 'service', '--subject', 'balldontlie')).toMatchObject({ code: 0, answer: { dryRun: false, reset: ['balldontlie'] } });
  expect(await breakers('list')).toMatchObject({ code: 0, answer: { breakers: [{ state: 'closed', failures: 0, last_note: 'reset by an operator: key renewed' }] } });
  expect(await reset('--kind', 'service', '--subject', 'balldontlie')).toMatchObject({ code: 0, answer: { reset: [] } });
});

it('all of a kind are reset at once, and no other kind with them', async () => {
  await sourceFails(5);
  await playerFails(5);
  expect(await reset('--kind', 'entity', '--all-of-kind')).toMatchObject({ code: 0, answer: { reset: ['franzwagner|nba_predictions.ml_feature_store_v2|2026-01-24'] } });
  expect(await breakers('list')).toMatchObject({ code: 1, answer: { breakers: [{ kind: 'service', state: 'open' }, { kind: 'entity', state: 'closed' }] } });
});

it.each([
  [['list', '--kind', 'player'], 'there is no kind of breaker player'],
  [['reset', '--kind', 'service', '--subject', 'balldontly', '--reason', 'r'], 'there is no breaker of service balldontly'],
  [['reset', '--kind', 'service', '--reason', 'r'], 'name either --subject'],
  [['reset', '--kind', 'service', '--subject', 'a', '--all-of-kind', '--reason', 'r'], 'name either --subject'],
  [['reset', '--kind', 'service', '--subject', 'balldontlie'], 'required option'],
])('%j is a usage error that says what is wrong', async (args, says) => {
  await sourceFails(1);
  const { code, answer, told } = await breakers(...args);
  expect([code, answer]).toEqual([64, undefined]);
  expect(told).toContain(says);
});

it('a folder without a run could not be checked', async () => {
  expect(await main(['breakers', 'list', '--dir', join(world.folder, 'nowhere')], { root: world.folder })).toBe(3);
});
