import { PipelineError, type ErrorCode } from '@handoff/contracts';

/** What every command ends with: design section 9. */
export const exitCodes = { ok: 0, warning: 1, error: 2, couldNotCheck: 3, usage: 64 } as const;

/** Errors that say the command line is wrong, rather than the data or the machine. */
const usageCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['range-reversed', 'range-outside-data', 'sport-unknown', 'source-unknown', 'date-malformed', 'data-folder-missing', 'folder-not-ours', 'phase-unknown', 'phase-not-gated', 'flow-unknown', 'profile-unknown', 'game-unknown', 'game-id-malformed', 'unknown-output', 'retry-item-unknown', 'dead-letter-unknown', 'conflict-unknown', 'status-unknown', 'breaker-unknown', 'breaker-kind-unknown', 'scenario-invalid', 'config-invalid', 'usage']);
/** Errors under which nothing could be looked at, though nothing need be wrong with it. */
const couldNotCheckCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['folder-in-use', 'folder-empty', 'warehouse-in-use', 'folder-not-writable', 'emulator-missing', 'emulator-not-started']);

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof PipelineError)) return exitCodes.error;
  if (usageCodes.has(error.code)) return exitCodes.usage;
  return couldNotCheckCodes.has(error.code) ? exitCodes.couldNotCheck : exitCodes.error;
}

export const usageError = (code: ErrorCode, message: string): PipelineError => new PipelineError({ code, disposition: 'reject', message });
