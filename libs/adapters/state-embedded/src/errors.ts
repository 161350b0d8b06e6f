import { PipelineError } from '@handoff/contracts';

/** lmdb reports the operating system's error as text, with or without its number. */
const noSpace = /No space left|Disk quota exceeded|File too large|MDB_MAP_FULL|ENOSPC|EDQUOT|EFBIG/i;
const fromTheEngine = /MDB_|No space left|Disk quota exceeded|File too large|Input\/output error|Read-only file system|Cannot allocate memory|Permission denied|ENOSPC|EDQUOT|EFBIG|EIO|database (is|has been) closed/i;

/**
 * The PipelineError for an error of lmdb or of the file system below it; any other comes back as it is, being a
 * bug. Code beside the port's: `state-full` (defer).
 */
export function asPipelineError(error: unknown): unknown {
  if (error instanceof PipelineError || !(error instanceof Error) || !fromTheEngine.test(error.message)) return error;
  const isFull = noSpace.test(error.message);
  return new PipelineError({
    code: isFull ? 'state-full' : 'state-unavailable',
    disposition: isFull ? 'defer' : 'retry',
    message: `the embedded state could not be written: ${error.message}${isFull ? ' (free disk space; nothing of this write was kept)' : ''}`,
    cause: error,
  });
}
