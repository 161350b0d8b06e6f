import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isScraperEnabled, scrapers, workflows } from '@handoff/catalogue';
import { gameDate, parseInstant } from '@handoff/contracts';
import { VirtualClock } from '@handoff/clock-virtual';
import { openTemporary } from '@handoff/composition/temporary';
import { loadRecordings, RecordedSource } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replay, type ReplayResult } from './replay.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-slate-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const season = loadRecordings('tools/local/recordings/nba');
const inWorkflows = new Set<string>(workflows.flatMap((workflow) => [...workflow.scrapers]));
/** Raw outputs of sources that are in the catalogue and asked by no workflow, or not at all yet: EMPTY_OK, whatever the slate. */
const dormant: ReadonlySet<string> = new Set(scrapers.filter((scraper) => !isScraperEnabled(scraper, '2026-01-24') || !inWorkflows.has(scraper.name)).map(({ loads }) => loads).filter((name) => name !== 'skip'));
let result: ReplayResult;
beforeAll(async () => {
  result = await replay({ sport: 'nba', from: gameDate('2026-01-24'), to: gameDate('2026-01-24'), season, folder: root, log: () => silentLog });
}, 180_000);

it('2026-01-24 has seven games scheduled, six final and one postponed', () => {
  expect(result.report.dates[0]?.games).toEqual({ scheduled: 7, final: 6, postponed: ['0022500644'], movedIn: [] });
});

it('shows no gap anywhere: every output is complete for six games, or for those that were offered', () => {
  const outputs = result.report.dates[0]!.outputs.filter(({ output }) => !dormant.has(output));
  expect(outputs.filter(({ state }) => state !== 'COMPLETE').map(({ output, state }) => `${output} ${state}`)).toEqual([]);
  for (const { output, gamesExpected, gamesPresent, rows } of outputs) {
    expect({ output, gamesPresent }).toEqual({ output, gamesPresent: gamesExpected });
    expect(rows).toBeGreaterThan(0);
    if (output !== 'nba_raw.odds_api_player_points_props') expect({ output, gamesExpected }).toEqual({ output, gamesExpected: 6 });
  }
});

it('predicts every player of the six games with each system, and grades or voids each prediction', () => {
  const { predictions, grading } = result.report.dates[0]!;
  expect(predictions.rows).toBe(predictions.players * 3);
  expect(grading.graded + grading.voided).toBe(predictions.rows);
  expect(grading).toMatchObject({ ungradable: 0, bySystem: [{ system: 'ensemble_v1' }, { system: 'moving_average_v1' }, { system: 'similarity_balanced_v1' }] });
});

it('took the postponed game’s predictions back, graded none of them, and alerted nobody', async () => {
  const clock = new VirtualClock(parseInstant('2026-06-01T00:00:00Z'));
  const system = await openTemporary({ folder: root, clock, log: silentLog, sources: new RecordedSource(season, clock) });
  const count = (table: string, where = '') => system.ports.warehouse.query({ name: 'spec/postponed', text: `SELECT COUNT(*) AS found FROM \`${table}\` AS t WHERE t.game_date = DATE '2026-01-24' AND t.nba_game_id = '0022500644'${where}` });
  expect(await count('nba_predictions.player_prop_predictions', ' AND t.is_active')).toEqual([{ found: 0 }]);
  expect(await count('nba_predictions.player_prop_predictions')).not.toEqual([{ found: 0 }]);
  expect(await count('nba_predictions.prediction_accuracy')).toEqual([{ found: 0 }]);
  expect(await count('nba_analytics.player_game_summary')).toEqual([{ found: 0 }]);
  expect((await system.notifier.incidents()).filter(({ resolvedAt }) => resolvedAt === null)).toEqual([]);
  expect(system.bus.deadLetters()).toEqual([]);
  await system.close();
});
