import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { replay, type ReplayProfileName, type ReplayReport } from '@handoff/local';
import { createLog } from '@handoff/logging';
import { loadRecordings, withoutBoxScores, type RecordedSeason } from '@handoff/sources-recorded';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import { dateOption, profileOption, sportOption } from '../options.ts';
import type { CommandSetting } from '../main.ts';
import { loadOwnData } from '../own-data.ts';
import { ReplayDisplay } from '../render/replay-display.ts';
import { renderSummary } from '../render/replay-summary.ts';

interface ReplayCommandOptions {
  readonly from: string;
  readonly to?: string;
  readonly sport: string;
  readonly data?: string;
  readonly gameTypes: string;
  readonly withhold?: string;
  readonly profile: string;
  readonly dir?: string;
  readonly json?: true;
}

/** Where a run keeps its state unless it is told. */
const folders: Readonly<Record<ReplayProfileName, string>> = { embedded: '.handoff', emulated: '.handoff-emulated' };

/** `handoff replay`: lives through recorded slates, and shows what came of them. */
export function replayCommand(setting: CommandSetting, finish: (exitCode: number) => void): Command {
  return new Command('replay')
    .description('Replays recorded slates through all six phases, in accelerated time.')
    .requiredOption('--from <date>', 'first game date, YYYY-MM-DD (US Eastern)')
    .option('--to <date>', 'last game date; the same as --from when left out')
    .option('--sport <name>', 'the sport', 'nba')
    .option('--data <folder>', 'box scores and schedules of your own instead of the recordings')
    .option('--game-types <list>', 'beginnings of official game ids to read from --data', '002')
    .option('--withhold <games>', 'official ids of games whose box score no source has: shows what is degraded by it')
    .option('--profile <name>', 'embedded: all in this process; emulated: on the emulators of Google', 'embedded')
    .option('--dir <folder>', `where the run keeps its state; ${folders.embedded}, or ${folders.emulated}`)
    .option('--json', 'one JSON object and nothing else')
    .action(async (options: ReplayCommandOptions) => { finish(await runReplay(options, setting)); });
}

async function runReplay(options: ReplayCommandOptions, { root }: CommandSetting): Promise<number> {
  const startedAt = performance.now();
  const from = dateOption('--from', options.from);
  const to = dateOption('--to', options.to ?? options.from);
  const sport = sportOption(options.sport);
  const profile = profileOption(options.profile);
  const display = new ReplayDisplay({ isQuiet: options.json === true });
  const whole = options.data === undefined ? loadRecordings(join(root, 'tools', 'local', 'recordings', sport)) : loadOwnData(options.data, options.gameTypes, display);
  const season = options.withhold === undefined ? whole : withheld(whole, options.withhold);
  const { report } = await replay({
    sport, from, to, season, profile,
    folder: resolve(options.dir ?? folders[profile]),
    log: (clock) => createLog({ level: 'error', clock, stream: process.stderr }),
    onStart: (start) => { display.started(start, { from, to }); },
    onRunning: (running) => { display.notice(`running on ${running.join(', ')}`); },
    onHistory: (progress) => { display.historyLoaded(progress); },
    onEvent: (event) => { display.happened(event); },
    onTime: (now) => { display.timePassed(now); },
  }).finally(() => { display.close(); });
  const timed: ReplayReport = { ...report, wallSeconds: Math.round(performance.now() - startedAt) / 1_000 };
  process.stdout.write(options.json === true ? `${JSON.stringify(published(timed))}\n` : `${renderSummary(timed)}\n`);
  return timed.dates.some(({ outputs }) => outputs.some(({ state }) => state === 'FAILED' || state === 'MISSED' || state === 'DEGRADED')) ? exitCodes.warning : exitCodes.ok;
}

/** The report in the fields and the order of its schema; what only people are shown is left out. */
function published({ schema, sport, from, to, wallSeconds, simulatedHours, dates, handoffs }: ReplayReport): object {
  const shown = dates.map((date) => ({ ...date, predictions: predictionsOf(date.predictions), grading: { ...date.grading, bySystem: date.grading.bySystem.map(({ system, graded: count, mae, winRate }) => ({ system, graded: count, mae, winRate })) } }));
  return { schema, sport, from, to, wallSeconds, simulatedHours, dates: shown, handoffs };
}

const predictionsOf = ({ systems, players, rows, withLine }: ReplayReport['dates'][number]['predictions']): object => ({ systems, players, rows, withLine });

function withheld(season: RecordedSeason, list: string): RecordedSeason {
  const games = list.split(',').map((game) => game.trim());
  const unknown = games.find((game) => !season.statsByGame.has(game));
  if (unknown !== undefined) throw usageError('game-unknown', `--withhold ${unknown} is no game with a box score: write official ids as 0022500641,0022500642`);
  return withoutBoxScores(season, games);
}
