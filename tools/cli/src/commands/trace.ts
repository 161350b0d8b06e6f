import { isoInstant, type EpochMs } from '@handoff/contracts';
import { traceGame, type TracedGame } from '@handoff/flow-trace-game';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { sportOption } from '../options.ts';
import { renderTrace } from '../render/trace.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface TraceOptions extends SystemOptions {
  readonly game: string;
  readonly sport: string;
}

/** `handoff trace`: one game through all phases. */
export function traceCommand(finish: (exitCode: number) => void): Command {
  return withSystemOptions(new Command('trace').description('Follows one game through all phases: what each step holds of it, since when, what is missing, and what was done about it.'))
    .requiredOption('--game <id>', 'any id of the game: 0022500578, 20260115_MEM_ORL or 20260115/MEMORL, with any source\'s team codes')
    .option('--sport <name>', 'the sport', 'nba')
    .action(async (options: TraceOptions) => { finish(await trace(options)); });
}

async function trace(options: TraceOptions): Promise<number> {
  const sport = sportOption(options.sport);
  const traced = await inSystem(options, ({ ports }) => traceGame(ports, { sport, game: options.game }));
  show(options, shownAs(traced), renderTrace);
  return exitCodeFor(traced);
}

/** What can be made no more, was given up or was not filled by a round of repairs is an error; what is on its way again, or was made of an incomplete set, a warning. */
function exitCodeFor({ onDates, retries, gaps, conflicts }: TracedGame): number {
  const states = onDates.flatMap(({ steps }) => steps.map(({ state }) => state));
  if (states.includes('FAILED') || states.includes('MISSED') || retries.some(({ status }) => status === 'failed_permanent') || gaps.some(({ status }) => status === 'stopped')) return exitCodes.error;
  const isUnsettled = states.includes('DEGRADED') || conflicts.length > 0 || gaps.some(({ status }) => status === 'open') || retries.some(({ status }) => status === 'pending' || status === 'retrying');
  return isUnsettled ? exitCodes.warning : exitCodes.ok;
}

export type ShownTrace = ReturnType<typeof shownAs>;

const iso = (at: EpochMs | null): string | null => (at === null ? null : isoInstant(at));

const shownAs = ({ officialId, home, away, resolution, now, dateId, onDates, arrivals, retries, gaps, conflicts }: TracedGame) => ({
  schema: 'handoff.trace/1' as const, game: officialId, dateId, home, away, resolution, now: isoInstant(now),
  dates: onDates.map(({ gameDate, status, movedIn, tipAt, steps, releases }) => ({
    gameDate, status, movedIn, tipAt: iso(tipAt),
    steps: steps.map(({ firstAt, lastAt, expectedBy, ...step }) => ({ ...step, firstAt: iso(firstAt), lastAt: iso(lastAt), expectedBy: iso(expectedBy) })),
    handoffs: releases.map((release) => ({ ...release, releasedAt: isoInstant(release.releasedAt) })),
  })),
  sources: arrivals.map(({ attempt_timestamp: at, scraper_name: scraper, workflow, attempt_number: attempt, was_available: wasAvailable, record_count: players, data_status: status }) => ({ at: isoInstant(at), scraper, workflow, attempt, wasAvailable, players, status })),
  gaps: gaps.map(({ openedAt, endedAt, attempts, ...gap }) => ({ ...gap, openedAt: isoInstant(openedAt), endedAt: iso(endedAt), attempts: attempts.map(({ at, repair }) => ({ at: isoInstant(at), repair })) })),
  retries: retries.map(({ nextAt, ...retry }) => ({ ...retry, nextAt: iso(nextAt) })), conflicts,
});
