import { PipelineError } from '@handoff/contracts';
import type { StateRef } from '@handoff/ports';

export const nameOf = (ref: StateRef): string => `${ref.collection}/${ref.id}`;

export const alreadyExists = (ref: StateRef): PipelineError =>
  new PipelineError({ code: 'state-already-exists', disposition: 'retry', message: `document ${nameOf(ref)} exists already`, facts: { document: nameOf(ref) } });

export const notFound = (ref: StateRef): PipelineError =>
  new PipelineError({ code: 'state-not-found', disposition: 'retry', message: `document ${nameOf(ref)} does not exist`, facts: { document: nameOf(ref) } });

export const conflict = (ref: StateRef, detail: string): PipelineError =>
  new PipelineError({ code: 'state-version-conflict', disposition: 'retry', message: `document ${nameOf(ref)} ${detail}`, facts: { document: nameOf(ref) } });

export const batchTooLarge = (count: number): PipelineError =>
  new PipelineError({ code: 'state-batch-too-large', disposition: 'reject', message: `a batch of ${count} writes is over the limit of 500: split it`, facts: { count } });

export const refInvalid = (ref: StateRef, problem: string): PipelineError =>
  new PipelineError({ code: 'state-ref-invalid', disposition: 'reject', message: `document name ${nameOf(ref)}: ${problem}`, facts: { document: nameOf(ref) } });

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
