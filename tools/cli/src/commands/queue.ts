import { isoInstant, type EpochMs } from '@handoff/contracts';
import type { Ports, VersionedDocument } from '@handoff/ports';
import { isActive, requeued, withdrawn, type RetryItem } from '@handoff/retry';
import { changeItem, retryId, retryQueue, type RetryDocument } from '@handoff/retry-queue';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface ListOptions extends SystemOptions {
  readonly status?: string;
  readonly all?: true;
}

interface ChangeOptions extends SystemOptions {
  readonly dryRun?: true;
}

const statuses: readonly string[] = ['pending', 'retrying', 'succeeded', 'failed_permanent'] satisfies readonly RetryItem['status'][];

/** `handoff queue`: the failed work that is tried again, and what was given up. */
export function queueCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('queue').description('Failed work that is tried again, and what was given up.');
  withSystemOptions(command.command('list').description('Lists the retry queue: what waits and what was given up.'))
    .option('--status <status>', `only ${statuses.join(', ')}`)
    .option('--all', 'what has succeeded too')
    .action(async (options: ListOptions) => { finish(await list(options)); });
  withSystemOptions(command.command('retry <ids...>').description('Has items tried again at once, with all their tries before them.'))
    .option('--dry-run', 'only says what would be done')
    .action(async (ids: readonly string[], options: ChangeOptions) => { finish(await change(ids, options, { verb: 'retry', change: requeued })); });
  withSystemOptions(command.command('drop <ids...>').description('Gives items up, for a reason that is kept.'))
    .requiredOption('--reason <text>', 'why')
    .option('--dry-run', 'only says what would be done')
    .action(async (ids: readonly string[], options: ChangeOptions & { readonly reason: string }) => {
      finish(await change(ids, options, { verb: 'drop', change: (item, now) => withdrawn(item, options.reason, now) }));
    });
  return command;
}

interface QueueList {
  readonly schema: 'handoff.queue/1';
  readonly now: string;
  readonly items: readonly ListedItem[];
}

type ListedItem = ReturnType<typeof listed>;

/** What waits is a warning, and what was given up for want of success an error. */
async function list(options: ListOptions): Promise<number> {
  if (options.status !== undefined && !statuses.includes(options.status)) throw usageError('status-unknown', `there is no status ${options.status}: choose one of ${statuses.join(', ')}`);
  const isWanted = ({ status }: RetryItem): boolean => (options.status === undefined ? options.all === true || status !== 'succeeded' : status === options.status);
  const { now, items } = await inSystem(options, async ({ ports }, at) => ({ now: at, items: (await readQueue(ports)).map(({ value }) => value.item).filter(isWanted) }));
  show<QueueList>(options, { schema: 'handoff.queue/1', now: isoInstant(now), items: items.map(listed) }, render);
  if (items.some(({ status, isWithdrawn }) => status === 'failed_permanent' && !isWithdrawn)) return exitCodes.error;
  return items.some(isActive) ? exitCodes.warning : exitCodes.ok;
}

const readQueue = ({ state }: Pick<Ports, 'state'>): Promise<readonly VersionedDocument<RetryDocument>[]> => state.query<RetryDocument>({ collection: retryQueue });

/** The owner's names, as the view failed_processor_queue has them. */
const listed = (item: RetryItem) => ({
  id: retryId(item.workKey), status: item.status, kind: item.kind, phase: item.phase, processor_name: item.processorName, game_date: item.gameDate, games: item.awaits?.games ?? [],
  retry_count: item.retryCount, max_retries: item.retriesMax, first_failure_at: isoInstant(item.firstFailureAt), next_retry_at: item.status === 'pending' && item.dueAt !== null ? isoInstant(item.dueAt) : null,
  error_type: item.failure.type.replace('-', '_'), error_code: item.failure.code, error_message: item.failure.message, resolution_notes: item.resolution, work_key: item.workKey,
});

function render({ items }: QueueList): string {
  if (items.length === 0) return 'The retry queue is empty.';
  const rows = items.map((item) => [item.id, item.status, item.kind, item.processor_name, item.game_date ?? '', `${item.retry_count}/${item.max_retries}`, item.next_retry_at ?? '', item.resolution_notes ?? `${item.error_code}: ${item.error_message}`]);
  return table(['id', 'status', 'kind', 'processor', 'date', 'tries', 'next try', 'why'], rows, [5]);
}

interface Change {
  readonly verb: 'retry' | 'drop';
  readonly change: (item: RetryItem, now: EpochMs) => RetryItem;
}

interface Changed {
  readonly schema: 'handoff.queue-change/1';
  readonly verb: Change['verb'];
  readonly dryRun: boolean;
  readonly items: readonly ListedItem[];
}

async function change(ids: readonly string[], options: ChangeOptions, { verb, change: changed }: Change): Promise<number> {
  const dryRun = options.dryRun === true;
  const items = await inSystem(options, async ({ ports }, now) => {
    const found = named(ids, await readQueue(ports));
    const after = found.map((document) => ({ document, item: changed(document.value.item, now) }));
    if (!dryRun) for (const one of after) await changeItem(ports, one);
    if (!dryRun && verb === 'drop') for (const { item } of after) await ports.notifier.resolve('retries-exhausted', item.workKey, now);
    return after.map(({ item }) => item);
  });
  show<Changed>(options, { schema: 'handoff.queue-change/1', verb, dryRun, items: items.map(listed) }, (value) => `${dryRun ? 'Would ' : ''}${verb}:\n${render({ schema: 'handoff.queue/1', now: '', items: value.items })}`);
  return exitCodes.ok;
}

/** @throws `retry-item-unknown`, before anything is changed, when one of the ids is of no item. */
function named(ids: readonly string[], documents: readonly VersionedDocument<RetryDocument>[]): readonly VersionedDocument<RetryDocument>[] {
  return ids.map((id) => {
    const document = documents.find(({ value }) => retryId(value.item.workKey) === id);
    if (document === undefined) throw usageError('retry-item-unknown', `there is no item ${id} in the retry queue: handoff queue list --all shows them`);
    return document;
  });
}
