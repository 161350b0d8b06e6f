import { listBreakers, resetBreakers, selectBreakers, subjectOf, type ListedBreaker } from '@handoff/breakers';
import { breakerKinds, type BreakerKind } from '@handoff/catalogue';
import { isoInstant, type EpochMs } from '@handoff/contracts';
import { Command } from 'commander';
import pc from 'picocolors';
import { exitCodes, usageError } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface ListOptions extends SystemOptions {
  readonly kind?: string;
}

interface ResetOptions extends SystemOptions {
  readonly kind: string;
  readonly subject?: string;
  readonly allOfKind?: true;
  readonly reason: string;
  readonly dryRun?: true;
}

const kinds: readonly string[] = breakerKinds.map(({ kind }) => kind);
const kindsHelp = breakerKinds.map(({ kind, about }) => `${kind} (${about})`).join(', ');

/** `handoff breakers`: what is not called any more since it has failed too often. */
export function breakersCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('breakers').description('What is not called any more for a while, since it has failed too often.');
  withSystemOptions(command.command('list').description('Lists the breakers against whose subjects something has counted, open ones first.'))
    .option('--kind <kind>', `only ${kindsHelp}`)
    .action(async (options: ListOptions) => { finish(await list(options)); });
  withSystemOptions(command.command('reset').description('Closes breakers by hand, for a reason that is kept.'))
    .requiredOption('--kind <kind>', kinds.join(', '))
    .option('--subject <subject>', 'as the list shows it')
    .option('--all-of-kind', 'every breaker of the kind')
    .requiredOption('--reason <text>', 'why')
    .option('--dry-run', 'only says what would be done')
    .action(async (options: ResetOptions) => { finish(await reset(options)); });
  return command;
}

interface BreakerList {
  readonly schema: 'handoff.breakers/1';
  readonly now: string;
  readonly breakers: readonly ReturnType<typeof shown>[];
}

/** A breaker that is not closed is a warning: what it shuts off waits. */
async function list(options: ListOptions): Promise<number> {
  const kind = options.kind === undefined ? undefined : kindOf(options.kind);
  const { now, breakers } = await inSystem(options, async ({ ports }, at) => ({ now: at, breakers: await listBreakers(ports.state, kind) }));
  show<BreakerList>(options, { schema: 'handoff.breakers/1', now: isoInstant(now), breakers: breakers.map(shown) }, render);
  return breakers.some(({ state }) => state !== 'closed') ? exitCodes.warning : exitCodes.ok;
}

const instant = (at: EpochMs | null): string | null => (at === null ? null : isoInstant(at));

const shown = ({ kind, subject, state, failures, openedAt, until, note, notedAt }: ListedBreaker) => ({
  kind, subject, state, failures, opened_at: instant(openedAt), until: instant(until), last_note: note, noted_at: isoInstant(notedAt),
});

const colours: Readonly<Record<ListedBreaker['state'], (text: string) => string>> = { closed: pc.green, 'half-open': pc.yellow, open: pc.red };

function render({ breakers }: BreakerList): string {
  if (breakers.length === 0) return 'Nothing has counted against anything.';
  const rows = breakers.map((breaker) => [breaker.kind, breaker.subject, colours[breaker.state](breaker.state), String(breaker.failures), breaker.opened_at ?? '', breaker.until ?? '', breaker.last_note]);
  return table(['kind', 'subject', 'state', 'failures', 'opened at', 'until', 'last note'], rows, [3]);
}

interface BreakerReset {
  readonly schema: 'handoff.breakers-reset/1';
  readonly dryRun: boolean;
  readonly kind: BreakerKind;
  readonly reset: readonly string[];
}

async function reset(options: ResetOptions): Promise<number> {
  const kind = kindOf(options.kind);
  const { subject, allOfKind, reason, dryRun = false } = options;
  if ((subject === undefined) === (allOfKind === undefined)) throw usageError('usage', 'name either --subject, as handoff breakers list shows it, or --all-of-kind');
  const names = await inSystem(options, async ({ ports }) => {
    const selected = await selectBreakers(ports.state, { kind, ...(subject === undefined ? {} : { subject }) });
    if (!dryRun) await resetBreakers(ports, selected, reason);
    return selected;
  });
  show<BreakerReset>(options, { schema: 'handoff.breakers-reset/1', dryRun, kind, reset: names.map(subjectOf) }, (value) =>
    value.reset.length === 0 ? 'Nothing counts against it: there is nothing to reset.' : `${dryRun ? 'Would reset' : 'Reset'}:\n${table(['kind', 'subject'], value.reset.map((one) => [kind, one]))}`);
  return exitCodes.ok;
}

/** @throws `breaker-kind-unknown` with those that there are. */
function kindOf(value: string): BreakerKind {
  const known = breakerKinds.find(({ kind }) => kind === value);
  if (known === undefined) throw usageError('breaker-kind-unknown', `there is no kind of breaker ${value}: choose one of ${kinds.join(', ')}`);
  return known.kind;
}
