import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputs, tableNamed } from '@handoff/catalogue';
import { gameDate, parseInstant, type Row, type ScrapeRequested } from '@handoff/contracts';
import { releasesOf, type ReleaseDocument } from '@handoff/handoff-state';
import { madeUpSeason, RecordedSource, withoutBoxScores } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalSystem, OpenProfile } from './local-system.ts';
import { replay, type ReplayOptions, type ReplayResult } from './replay.ts';
import { buildReport } from './replay-report.ts';
import { replayWords } from './replay-words.ts';

const root = mkdtempSync(join(tmpdir(), 'handoff-late-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const season = madeUpSeason(replayWords.season);
const date = gameDate(replayWords.from);
const [onTime, late] = season.games.filter((game) => game.actualDate === date).map(({ officialId }) => officialId);
const withoutLate = withoutBoxScores(season, [late!]);
/** After the end of the grace, 10:30 ET, and of the second round in which self-heal asks every source for it. */
const arrivesAt = parseInstant('2025-11-14T17:50:00Z');

const run = (name: string, over: Partial<ReplayOptions> = {}): Promise<ReplayResult> =>
  replay({ sport: 'nba', from: date, to: date, season, folder: join(root, name), log: () => silentLog, environment: { COVERAGE_THRESHOLD_PCT: '50' }, ...over });

/** What an operator does who does not wait for the next round: asks the source again for the date. */
async function askAgain(system: LocalSystem<OpenProfile>): Promise<void> {
  await system.runUntil(arrivesAt);
  const request: ScrapeRequested = { sport: 'nba', purpose: 'live', requestId: 'late-box-score', decisionId: 'late-box-score', workflow: 'backfill', scraper: 'bdl_player_box_scores', gameDate: date, untilDate: date, requestedAt: arrivesAt };
  await system.system.ports.bus.publish('scrape-requests', { key: request.requestId, payload: request, correlationId: request.requestId });
  await system.runUntil(parseInstant('2025-11-14T18:20:00Z'));
}

/** The tables of the postgame flow whose rows are of one game each. */
const perGame = outputs.filter(({ flow, scope, phase }) => flow === 'postgame' && scope === 'game' && phase !== 'phase2').map(({ name }) => name);
const ofGame = (rows: readonly Row[], game: string | undefined): readonly Row[] => rows.filter((row) => row['nba_game_id'] === game);

interface Seen {
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly releases: Readonly<Record<'phase3' | 'phase6-grade', readonly object[]>>;
  readonly openIncidents: readonly string[];
  readonly digests: readonly object[];
}

async function look({ system }: LocalSystem<OpenProfile>): Promise<Seen> {
  const { ports, notifier } = system;
  const rows = new Map<string, readonly Row[]>();
  for (const output of perGame) {
    const { partition, key } = tableNamed(output);
    const text = `SELECT stored.nba_game_id, stored.revision, stored.run_id, stored.processed_at, stored.is_degraded, stored.data_hash FROM \`${output}\` AS stored WHERE stored.${partition} = @game_date ORDER BY ${key.map((column) => `stored.${column}`).join(', ')}`;
    rows.set(output, await ports.warehouse.query({ name: 'spec/rows', text }, { game_date: { type: 'DATE', value: date } }));
  }
  const releasesInto = async (phase: 'phase3' | 'phase6-grade'): Promise<readonly object[]> =>
    (await ports.state.query<ReleaseDocument>({ collection: releasesOf({ sport: 'nba', gameDate: date, flow: 'postgame', phase }) })).map(({ value: { run: of, verdict } }) => ({ revision: of.revision, games: of.games, verdict }));
  const { dates } = await buildReport(system, { sport: 'nba', from: date, to: date, simulatedHours: 0 });
  return {
    rows,
    releases: { phase3: await releasesInto('phase3'), 'phase6-grade': await releasesInto('phase6-grade') },
    openIncidents: (await notifier.incidents()).filter(({ resolvedAt, cause }) => resolvedAt === null && cause.startsWith('gate-')).map(({ cause }) => cause),
    digests: dates[0]!.outputs.filter(({ flow, output }) => flow === 'postgame' && output !== 'nba_raw.nbac_player_boxscores').map(({ output, digest, rows: count, state }) => ({ output, digest, count, state })),
  };
}

let clean: Seen;
let degraded: Seen;
let upgraded: Seen;
beforeAll(async () => {
  await run('clean', { onEnd: async (system) => { clean = await look(system); } });
  await run('late', {
    sources: (recorded, clock) => {
      const without = new RecordedSource(withoutLate, clock);
      return { fetch: (request) => (clock.now() < arrivesAt ? without : recorded).fetch(request) };
    },
    onEnd: async (system) => {
      degraded = await look(system);
      await askAgain(system);
      upgraded = await look(system);
    },
  });
}, 120_000);

describe('a box score that is not there when the grace ends', () => {
  it('is gone ahead without, as degraded, and what is made carries the label', () => {
    expect(degraded.releases.phase3).toEqual([{ revision: 1, games: [onTime], verdict: 'release-degraded' }]);
    expect(degraded.openIncidents).toContain('gate-degraded');
    for (const [output, rows] of degraded.rows) {
      expect(rows.length, output).toBeGreaterThan(0);
      expect(rows.every((row) => row['is_degraded'] === true && row['nba_game_id'] === onTime), output).toBe(true);
    }
  });

  it('opens revision 2 with its game alone when it comes, into every phase behind it', () => {
    const revisions = [{ revision: 1, games: [onTime], verdict: 'release-degraded' }, { revision: 2, games: [late], verdict: 'release' }];
    expect(upgraded.releases).toEqual({ phase3: revisions, 'phase6-grade': revisions });
  });

  it.each(perGame)('touches only its own game’s rows of %s: those of the other are the very same, but for the label', (output) => {
    const after = upgraded.rows.get(output)!;
    expect(ofGame(after, onTime)).toEqual(degraded.rows.get(output)!.map((row) => ({ ...row, is_degraded: false })));
    expect(ofGame(after, late).length).toBeGreaterThan(0);
    expect(ofGame(after, late).every((row) => row['revision'] === 2)).toBe(true);
  });

  it('upgrades what went ahead: no label is left, and the incidents are resolved', () => {
    for (const [output, rows] of upgraded.rows) expect(rows.filter((row) => row['is_degraded'] === true), output).toEqual([]);
    expect(upgraded.openIncidents).toEqual([]);
  });

  it('ends equal to a run in which it was on time', () => {
    expect(upgraded.digests).toEqual(clean.digests);
    expect(degraded.digests).not.toEqual(clean.digests);
  });
});
