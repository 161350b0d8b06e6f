import { PipelineError, type ErrorCode } from '@handoff/contracts';

/** What every command ends with: design section 9. */
export const exitCodes = { ok: 0, warning: 1, error: 2, couldNotCheck: 3, usage: 64 } as const;

/** Errors that say the command line is wrong, rather than the data or the machine. */
const usageCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['range-reversed', 'range-outside-data', 'sport-unknown', 'source-unknown', 'date-malformed', 'data-folder-missing', 'folder-not-ours', 'phase-unknown', 'phase-not-gated', 'flow-unknown', 'profile-unknown', 'game-unknown', 'game-id-malformed', 'unknown-output', 'retry-item-unknown', 'dead-letter-unknown', 'conflict-unknown', 'status-unknown', 'breaker-unknown', 'breaker-kind-unknown', 'scenario-invalid', 'config-invalid', 'installation-invalid', 'usage']);
/** Errors under which nothing could be looked at, though nothing need be wrong with it. */
const couldNotCheckCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['folder-in-use', 'folder-empty', 'warehouse-in-use', 'folder-not-writable', 'emulator-missing', 'emulator-not-started', 'cloud-command-missing', 'cloud-command-failed', 'bundle-missing']);

/** The commands that only look; in them an error of whatever kind says nothing of the pipeline. */
export const lookingCommands: ReadonlySet<string> = new Set([
  'explain', 'health', 'workflow-health', 'reconcile', 'trace', 'gaps list', 'queue list', 'dead-letters list', 'dead-letters show', 'conflicts list', 'breakers list', 'catalogue list', 'drift',
]);

/**
 * What an error ends a command with. A command that looks has found nothing where it could not look: a store that
 * refuses must not read as something critical that was found.
 *
 * @param command - its words, `queue list`; empty where the command line was not understood.
 */
export function exitCodeOf(error: unknown, command: string): number {
  if (error instanceof PipelineError && usageCodes.has(error.code)) return exitCodes.usage;
  if (lookingCommands.has(command)) return exitCodes.couldNotCheck;
  return error instanceof PipelineError && couldNotCheckCodes.has(error.code) ? exitCodes.couldNotCheck : exitCodes.error;
}

export const usageError = (code: ErrorCode, message: string): PipelineError => new PipelineError({ code, disposition: 'reject', message });
