import { CircuitBreakerConfig } from '@handoff/catalogue';
import { FilesStored, isoInstant } from '@handoff/contracts';
import { loadRaw } from '@handoff/flow-load-raw';
import { conflictId, openConflicts, type ConflictDocument } from '@handoff/streaming-conflicts';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface ForceOptions extends SystemOptions {
  readonly reason: string;
  readonly dryRun?: true;
}

/** `handoff conflicts`: games that cannot be written since somebody has streamed rows of them. */
export function conflictsCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('conflicts').description('Games that cannot be written since somebody has streamed rows of them.');
  withSystemOptions(command.command('list').description('Lists the conflicts that have not ended.'))
    .action(async (options: SystemOptions) => { finish(await list(options)); });
  withSystemOptions(command.command('force <id>').description('Inserts the rows of a game that are not there, leaves the streamed ones, and makes sure that no key is doubled.'))
    .requiredOption('--reason <text>', 'why it cannot wait; it is kept')
    .option('--dry-run', 'only says what would be forced')
    .action(async (id: string, options: ForceOptions) => { finish(await force(id, options)); });
  return command;
}

const listed = (conflict: ConflictDocument) => ({
  id: conflictId(conflict), table: conflict.table, game: conflict.game, gameDate: conflict.gameDate, detectedAt: isoInstant(conflict.detectedAt), rechecks: conflict.retryCount,
  isLeft: conflict.isLeft, executionId: conflict.files.executionId,
});

interface ConflictList {
  readonly schema: 'handoff.conflicts/1';
  readonly conflicts: readonly ReturnType<typeof listed>[];
}

/** One that is looked at again is a warning; one that its re-checks did not end an error. */
async function list(options: SystemOptions): Promise<number> {
  const conflicts = await inSystem(options, ({ ports }) => openConflicts(ports.state));
  show<ConflictList>(options, { schema: 'handoff.conflicts/1', conflicts: conflicts.map(listed) }, render);
  if (conflicts.some(({ isLeft }) => isLeft)) return exitCodes.error;
  return conflicts.length > 0 ? exitCodes.warning : exitCodes.ok;
}

function render({ conflicts }: ConflictList): string {
  if (conflicts.length === 0) return 'No game is in conflict with streamed rows.';
  return table(['id', 'table', 'game', 'date', 'since', 're-checks', ''], conflicts.map((conflict) => [conflict.id, conflict.table, conflict.game, conflict.gameDate, conflict.detectedAt, String(conflict.rechecks), conflict.isLeft ? 'left to people' : 'looked at again']), [5]);
}

interface Forced {
  readonly schema: 'handoff.conflict-force/1';
  readonly dryRun: boolean;
  readonly conflict: ReturnType<typeof listed>;
  readonly outcome: string;
  readonly inserted: number;
}

async function force(id: string, options: ForceOptions): Promise<number> {
  const dryRun = options.dryRun === true;
  const forced = await inSystem(options, async ({ ports }): Promise<Forced> => {
    const conflict = (await openConflicts(ports.state)).find((one) => conflictId(one) === id);
    if (conflict === undefined) throw usageError('conflict-unknown', `there is no conflict ${id}: handoff conflicts list shows those that have not ended`);
    if (dryRun) return { schema: 'handoff.conflict-force/1', dryRun, conflict: listed(conflict), outcome: 'not forced', inserted: 0 };
    const message = FilesStored.parse({ ...conflict.files, recheck: { games: [conflict.game], attempt: conflict.retryCount + 1, force: { reason: options.reason } } });
    const { outcome, facts } = await loadRaw(message, { ports, log: ports.log, correlationId: message.executionId }, CircuitBreakerConfig.parse({}));
    return { schema: 'handoff.conflict-force/1', dryRun, conflict: listed(conflict), outcome, inserted: Number(facts?.['inserted'] ?? 0) };
  });
  show(options, forced, ({ conflict, inserted }) => `${dryRun ? 'Would force' : 'Forced'} ${conflict.game} into ${conflict.table}${dryRun ? '' : `: ${inserted} rows inserted, no key stands twice`}.`);
  return exitCodes.ok;
}
