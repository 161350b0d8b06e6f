import { isoInstant } from '@handoff/contracts';
import { allGaps } from '@handoff/gap-ledger';
import { isOpen, type Gap } from '@handoff/ledger';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { inFolder, show, withFolderOptions, type FolderOptions } from '../folder-command.ts';
import { table } from '../render/table.ts';

interface ListOptions extends FolderOptions {
  readonly date?: string;
  readonly all?: true;
}

/** `handoff gaps`: what should exist and does not, and what is done about it. */
export function gapsCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('gaps').description('What should exist and does not, and what is done about it.');
  withFolderOptions(command.command('list').description('Lists the gaps that are open: what is missing, what was tried, and when the next try is.'))
    .option('--date <date>', 'only of this game date')
    .option('--all', 'those that have ended too')
    .action(async (options: ListOptions) => { finish(await list(options)); });
  return command;
}

interface GapList {
  readonly schema: 'handoff.gaps/1';
  readonly now: string;
  readonly gaps: readonly ReturnType<typeof listed>[];
}

const listed = (gap: Gap) => ({
  gameDate: gap.gameDate, flow: gap.flow, phase: gap.phase, output: gap.subject, occurrence: gap.occurrence, status: gap.status, missing: gap.missing, openedAt: isoInstant(gap.openedAt),
  attempts: gap.attempts.map(({ at, repair, missing, messages }) => ({ at: isoInstant(at), repair, missing: missing.length, messages })),
  attemptCount: gap.attemptCount,
  nextActionAt: gap.nextActionAt === null ? null : isoInstant(gap.nextActionAt), endedAt: gap.endedAt === null ? null : isoInstant(gap.endedAt), resolution: gap.resolution,
});

/** A gap that is being healed is a warning; one that a round of repairs did not fill an error. */
async function list(options: ListOptions): Promise<number> {
  const isWanted = (gap: Gap): boolean => (options.all === true || isOpen(gap)) && (options.date === undefined || gap.gameDate === options.date);
  const { now, gaps } = await inFolder(options, async ({ ports }, at) => ({ now: at, gaps: (await allGaps(ports.state)).filter(isWanted) }));
  show<GapList>(options, { schema: 'handoff.gaps/1', now: isoInstant(now), gaps: gaps.map(listed) }, render);
  if (gaps.some(({ status }) => status === 'stopped')) return exitCodes.error;
  return gaps.some(isOpen) ? exitCodes.warning : exitCodes.ok;
}

function render({ gaps }: GapList): string {
  if (gaps.length === 0) return 'No gap is open: everything that should be there by now is there.';
  const rows = gaps.map((gap) => [gap.gameDate, gap.flow, gap.output, gap.status, String(gap.missing.length), gap.openedAt, String(gap.attemptCount), gap.attempts.at(-1)?.repair ?? '', gap.resolution ?? gap.nextActionAt ?? '']);
  return table(['date', 'flow', 'output', 'status', 'missing', 'since', 'tries', 'last try', 'next try, or how it ended'], rows, [4, 6]);
}
