import { PipelineError } from '@handoff/contracts';
import { open, type RootDatabase } from 'lmdb';

/**
 * How far an acknowledged write has got. `process` survives the death of the process, `disk` that of the
 * machine too (one flush per group of commits).
 */
export type Durability = 'process' | 'disk';

export interface EmbeddedEnvironment {
  readonly root: RootDatabase<unknown, string>;
  readonly durability: Durability;
  /** Runs `work` as one atomic transaction; resolves when it is as durable as the environment promises. */
  commit<Result>(work: () => Result): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Opens the folder that holds state and bus, so that both can be written in one transaction.
 *
 * @throws `state-corrupt` (reject) when the file is not an lmdb environment.
 */
export function openEmbeddedEnvironment(folder: string, durability: Durability = 'process'): EmbeddedEnvironment {
  const root = openRoot(folder, durability);
  return {
    root,
    durability,
    async commit(work) {
      const result = await root.transaction(work);
      if (durability === 'disk') await root.flushed;
      return result;
    },
    close: () => root.close(),
  };
}

function openRoot(folder: string, durability: Durability): RootDatabase<unknown, string> {
  try {
    return open<unknown, string>({ path: folder, encoding: 'json', noSync: durability === 'process', maxDbs: 8 });
  } catch (error) {
    throw new PipelineError({
      code: 'state-corrupt',
      disposition: 'reject',
      message: `the state in ${folder} cannot be opened: remove the folder, or choose another with --dir`,
      facts: { folder },
      cause: error,
    });
  }
}
