import { userInfo } from 'node:os';
import { gameDate, isoInstant, pairOf } from '@handoff/contracts';
import { gapsThatLack, waiveGap } from '@handoff/flow-heal-gaps';
import { allGaps } from '@handoff/gap-ledger';
import { isOpen, waive, type Gap } from '@handoff/ledger';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface WaiveOptions extends SystemOptions {
  readonly output: string;
  readonly scope: string;
  readonly date?: string;
  readonly reason: string;
  readonly by: string;
  readonly dryRun?: true;
}

interface ListOptions extends SystemOptions {
  readonly date?: string;
  readonly all?: true;
}

/** `handoff gaps`: what should exist and does not, and what is done about it. */
export function gapsCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('gaps').description('What should exist and does not, and what is done about it.');
  withSystemOptions(command.command('list').description('Lists the gaps that are open: what is missing, what was tried, and when the next try is.'))
    .option('--date <date>', 'only of this game date')
    .option('--all', 'those that have ended too')
    .action(async (options: ListOptions) => { finish(await list(options)); });
  withSystemOptions(command.command('waive').description('Accepts that something stays missing: its gap ends, and does not open again for it.'))
    .requiredOption('--output <output>', 'the output that is missing: nba_raw.bdl_player_boxscores')
    .requiredOption('--scope <scope>', 'the game that lacks it, or slate')
    .option('--date <date>', 'the game date, where the scope is the slate')
    .requiredOption('--reason <text>', 'why it is accepted; it is kept')
    .option('--by <name>', 'who accepts it; it is kept', userInfo().username)
    .option('--dry-run', 'only says what would become of the gap')
    .action(async (options: WaiveOptions) => { finish(await waiveOne(options)); });
  return command;
}

interface Waived {
  readonly schema: 'handoff.gap-waive/1';
  readonly dryRun: boolean;
  readonly gap: ReturnType<typeof listed>;
}

async function waiveOne({ output, scope, date, reason, by, ...options }: WaiveOptions): Promise<number> {
  const dryRun = options.dryRun === true;
  const wanted = { output, scope, ...(date === undefined ? {} : { date: gameDate(date) }) };
  const gap = await inSystem(options, async ({ ports }, now) => {
    const [found, ...others] = await gapsThatLack(ports, wanted);
    if (found === undefined) throw usageError('usage', `no open gap lacks ${output} of ${scope}: handoff gaps list shows those that are open`);
    if (others.length > 0) throw usageError('usage', `${others.length + 1} gaps lack ${output} of ${scope}: name the date, --date ${found.gameDate}`);
    const next = dryRun ? waive(found, { pair: pairOf(output, scope), by, reason, at: now }) : await waiveGap(ports, found, { ...wanted, by, reason });
    if (next === undefined) throw usageError('usage', 'the gap was changed meanwhile, and is left as it is: look at it and say so again');
    return next;
  });
  show<Waived>(options, { schema: 'handoff.gap-waive/1', dryRun, gap: listed(gap) }, () => `${dryRun ? 'Would accept' : 'Accepted'} that ${output} of ${scope} stays missing: the gap of ${gap.gameDate} ${isOpen(gap) ? `stays open for ${gap.missing.length} more` : 'has ended'}.`);
  return exitCodes.ok;
}

interface GapList {
  readonly schema: 'handoff.gaps/1';
  readonly now: string;
  readonly gaps: readonly ReturnType<typeof listed>[];
}

const listed = (gap: Gap) => ({
  gameDate: gap.gameDate, flow: gap.flow, phase: gap.phase, output: gap.subject, occurrence: gap.occurrence, status: gap.status, missing: gap.missing, openedAt: isoInstant(gap.openedAt),
  attempts: gap.attempts.map(({ at, repair, missing, messages, by, correlationId }) => ({ at: isoInstant(at), repair, missing: missing.length, messages, by, correlationId })),
  attemptCount: gap.attemptCount,
  nextActionAt: gap.nextActionAt === null ? null : isoInstant(gap.nextActionAt), endedAt: gap.endedAt === null ? null : isoInstant(gap.endedAt), resolution: gap.resolution,
  waived: (gap.waived ?? []).map(({ pair, by, reason, at }) => ({ pair, by, reason, at: isoInstant(at) })),
});

/** A gap that is being healed is a warning; one that a round of repairs did not fill an error. */
async function list(options: ListOptions): Promise<number> {
  const isWanted = (gap: Gap): boolean => (options.all === true || isOpen(gap)) && (options.date === undefined || gap.gameDate === options.date);
  const { now, gaps } = await inSystem(options, async ({ ports }, at) => ({ now: at, gaps: (await allGaps(ports.state)).filter(isWanted) }));
  show<GapList>(options, { schema: 'handoff.gaps/1', now: isoInstant(now), gaps: gaps.map(listed) }, render);
  if (gaps.some(({ status }) => status === 'stopped')) return exitCodes.error;
  return gaps.some(isOpen) ? exitCodes.warning : exitCodes.ok;
}

function render({ gaps }: GapList): string {
  if (gaps.length === 0) return 'No gap is open: everything that should be there by now is there.';
  const rows = gaps.map((gap) => [gap.gameDate, gap.flow, gap.output, gap.status, String(gap.missing.length), gap.openedAt, String(gap.attemptCount), gap.attempts.at(-1)?.repair ?? '', gap.resolution ?? gap.nextActionAt ?? '']);
  return table(['date', 'flow', 'output', 'status', 'missing', 'since', 'tries', 'last try', 'next try, or how it ended'], rows, [4, 6]);
}
