import { PipelineError } from '@handoff/contracts';
import { open, type RootDatabase } from 'lmdb';
import { openDatabase, type TableKey } from './embedded-table.ts';
import { isEnvironmentFile } from './file-header.ts';
import { hasJournal, recordsAfter, removeJournal } from './journal.ts';
import { decodeChanges } from './journaled-changes.ts';

export const numbersTable = 'environment';
export const groupKey = 'group';

/**
 * Opens lmdb's file, with what a process that died had in its journal.
 *
 * @param isFlushed whether a commit that returns is on the disk.
 * @throws `state-corrupt` (reject) when the file is not an lmdb environment.
 */
export function openRoot(file: string, isFlushed: boolean): RootDatabase<string, string> {
  const isLeftOver = hasJournal(file);
  // What is left of a journal goes into lmdb flushed, whatever is promised of what comes after.
  const root = openDatabases(file, isFlushed || isLeftOver);
  if (isLeftOver) recover(file, root);
  return root;
}

/** lmdb's types do not tell what its statistics hold. */
export const lastTransactionOf = (root: RootDatabase<string, string>): number => (root.getStats() as { lastTxnId: number }).lastTxnId;

function openDatabases(file: string, isFlushed: boolean): RootDatabase<string, string> {
  try {
    if (!isEnvironmentFile(file)) throw new Error('the file does not begin as an lmdb environment does');
    // Without overlapping syncs a commit that returns is on the disk, so there is no second moment to wait for.
    return open<string, string>({ path: file, noSubdir: true, encoding: 'string', noSync: !isFlushed, overlappingSync: false, maxDbs: 8 });
  } catch (error) {
    throw new PipelineError({
      code: 'state-corrupt',
      disposition: 'reject',
      message: `the state in ${file} cannot be opened: remove the folder, or choose another with --dir`,
      facts: { file },
      cause: error,
    });
  }
}

/** Puts into lmdb what a process that died had flushed and not put there, and starts without a journal. */
function recover(file: string, root: RootDatabase<string, string>): void {
  const group = Number(openDatabase<string>(root, numbersTable, 'text').get(groupKey) ?? 0);
  const changes = recordsAfter(file, group).flatMap(({ payload }) => [...decodeChanges(payload)]);
  const databases = new Map(changes.map(({ table, key }) => [table, openDatabase<TableKey>(root, table, typeof key === 'number' ? 'number' : 'text')]));
  // The numbers last, as in the journal's own records: what is put without its number is put again.
  const inOrder = [...changes.filter(({ table }) => table !== numbersTable), ...changes.filter(({ table }) => table === numbersTable)];
  root.transactionSync(() => {
    for (const { table, key, text } of inOrder) {
      if (text === undefined) databases.get(table)?.removeSync(key);
      else databases.get(table)?.putSync(key, text);
    }
  });
  removeJournal(file);
}
