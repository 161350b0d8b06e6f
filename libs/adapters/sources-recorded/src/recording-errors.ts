import { PipelineError } from '@handoff/contracts';

/** A recording that cannot be used as it is: which file, what is wrong with it, what to do. */
export function recordingCorrupt(file: string, problem: string, remedy: string, cause?: unknown): PipelineError {
  return new PipelineError({ code: 'recording-corrupt', disposition: 'reject', message: `${file}: ${problem}; ${remedy}`, facts: { file, problem, remedy }, cause });
}

/** What to do about a file of the repository, and about one that somebody brought. */
export const remedies = {
  committed: 'restore tools/local/recordings from version control',
  brought: 'replace the file or take it out of the directory',
} as const;
