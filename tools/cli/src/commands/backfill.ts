import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isoInstant, minutes, OfficialGameId, seconds } from '@handoff/contracts';
import { targetsOf } from '@handoff/flow-backfill-outputs';
import { makePieces, runBackfill, type BackfillOutcome, type BackfillWork } from '@handoff/local';
import { createLog } from '@handoff/logging';
import { loadRecordings } from '@handoff/sources-recorded';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import type { CommandSetting } from '../main.ts';
import { dateOption, sportOption, wholeOption } from '../options.ts';
import { loadOwnData } from '../own-data.ts';
import { renderBackfill } from '../render/backfill.ts';
import { untilMade } from '../until-made.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface BackfillCommandOptions extends SystemOptions {
  readonly from: string;
  readonly to?: string;
  readonly games?: string;
  readonly dryRun?: true;
  readonly force?: true;
  readonly reason?: string;
  readonly sport: string;
  readonly data?: string;
  readonly gameTypes: string;
  readonly waitMinutes: string;
}

/** Of what is deployed so many steps are sent before the first has been worked on: live work never waits behind a season. */
const stepsAtOnce = 10;
const lookEvery = seconds(10);
const waitMinutesMax = 24 * 60;

/** `handoff backfill`: makes what is missing or stale of an output or a phase, over a range of dates. */
export function backfillCommand(setting: CommandSetting, finish: (exitCode: number) => void): Command {
  return withSystemOptions(new Command('backfill').description('Makes what is missing or stale of an output or a phase, over a range of dates, in the order of the phases.'))
    .argument('<output|phase>', 'nba_analytics.player_game_summary, player_game_summary, phase3, ...')
    .requiredOption('--from <date>', 'first game date, YYYY-MM-DD (US Eastern)')
    .option('--to <date>', 'last game date; the same as --from when left out')
    .option('--games <ids>', 'official ids, separated by commas: these games alone')
    .option('--dry-run', 'only says what would be made')
    .option('--force', 'makes again what is there too; needs --reason')
    .option('--reason <text>', 'why it is forced; the same order with the same reason goes on where it was')
    .option('--sport <name>', 'the sport', 'nba')
    .option('--data <folder>', 'box scores and schedules of your own instead of the recordings')
    .option('--wait-minutes <number>', 'of what is deployed: how long to wait for more when nothing more has come', '3')
    .option('--game-types <list>', 'beginnings of official game ids to read from --data', '002')
    .action(async (target: string, options: BackfillCommandOptions) => { finish(await backfill(target, options, setting)); });
}

async function backfill(target: string, options: BackfillCommandOptions, setting: CommandSetting): Promise<number> {
  const isDryRun = options.dryRun === true;
  const request = requestOf(target, options);
  const patience = minutes(wholeOption('--wait-minutes', options.waitMinutes, waitMinutesMax));
  const work: BackfillWork = { request, isDryRun, onProgress: ({ phase, done, total }) => { process.stderr.write(`${phase}: ${done} of ${total}\n`); } };
  const startedAt = performance.now();
  const result = options.profile === 'embedded' ? await runInFolder(options, work, setting) : await inSystem(options, ({ ports }) => makePieces({ ports, stepsAtOnce, settled: untilMade({ patience, lookEvery, pause }) }, work));
  const durationSeconds = Math.round(performance.now() - startedAt) / 1_000;
  show(options, shownAs(result, { ...request, isDryRun, durationSeconds }), renderBackfill);
  if (options.profile !== 'embedded' && !isDryRun && request.forceReason !== undefined) process.stderr.write('note: what is made again by force is sent and not waited for: handoff trace shows each game\n');
  return isDryRun || (result.left.length === 0 && result.refused.length === 0) ? exitCodes.ok : result.left.length > 0 ? exitCodes.error : exitCodes.warning;
}

function runInFolder({ dir, data, gameTypes }: BackfillCommandOptions, work: BackfillWork, { root }: CommandSetting): Promise<BackfillOutcome> {
  const notices = { notice: (text: string) => { process.stderr.write(`note: ${text}\n`); } };
  const season = data === undefined ? loadRecordings(join(root, 'tools', 'local', 'recordings', work.request.sport)) : loadOwnData(data, gameTypes, notices);
  return runBackfill({ ...work, folder: resolve(dir), season, log: (clock) => createLog({ level: 'error', clock, stream: process.stderr }) });
}

function requestOf(target: string, { from: first, to: last, games, force, reason, sport }: BackfillCommandOptions) {
  const from = dateOption('--from', first);
  const until = last === undefined ? from : dateOption('--to', last);
  if (until < from) throw usageError('range-reversed', `--from ${from} is after --to ${until}: swap them`);
  if (force === true && (reason ?? '').trim() === '') throw usageError('usage', '--force makes again what is there: say why with --reason');
  if (force !== true && reason !== undefined) throw usageError('usage', '--reason is for --force');
  targetsOf(target);
  return { sport: sportOption(sport), target, from, until, games: gamesOption(games), forceReason: force === true ? reason : undefined };
}

function gamesOption(list: string | undefined): readonly OfficialGameId[] {
  return (list ?? '').split(',').map((id) => id.trim()).filter((id) => id !== '').map((id) => {
    const parsed = OfficialGameId.safeParse(id);
    if (!parsed.success) throw usageError('game-id-malformed', `--games ${id} is no official game id: write ten digits, 0022500578`);
    return parsed.data;
  });
}

export type ShownBackfill = ReturnType<typeof shownAs>;

interface Asked {
  readonly target: string;
  readonly from: string;
  readonly until: string;
  readonly isDryRun: boolean;
  readonly durationSeconds: number;
}

const piecesShown = (pieces: BackfillOutcome['wanted']) => pieces.map(({ output, gameDate, scope, verdict }) => ({ gameDate, output: output.name, scope, reason: verdict.reason, ...(verdict.does === 'skip' && verdict.until !== undefined ? { until: verdict.until } : {}) }));

function shownAs({ now, wanted, left, refused, skipped, files, rows, grading }: BackfillOutcome, { target, from, until, isDryRun, durationSeconds }: Asked) {
  const loaded = isDryRun ? 0 : wanted.length - left.length;
  return {
    schema: 'handoff.backfill/1' as const, target, from, to: until, now: isoInstant(now), dryRun: isDryRun,
    counts: {
      files_found: files.found, files_processed: files.processed, wanted: wanted.length, loaded, skipped, rows: isDryRun ? 0 : rows,
      success_rate_pct: isDryRun || wanted.length === 0 ? null : Math.floor((1_000 * loaded) / wanted.length) / 10, duration_seconds: durationSeconds,
    },
    ...(grading === undefined ? {} : { grading }),
    pieces: piecesShown(wanted), left: isDryRun ? [] : piecesShown(left), refused: piecesShown(refused),
  };
}
