import type { Log } from '@handoff/ports';

/** A log that nobody reads. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silentLog };
