import type { Flow } from '@handoff/contracts';

/** The files that phase 6 publishes, and the flow that each belongs to. */
export const exportNames = {
  tonight: 'pregame',
  predictions: 'pregame',
  status: 'pregame',
  results: 'postgame',
  performance: 'postgame',
} as const satisfies Record<string, Flow>;

export type ExportName = keyof typeof exportNames;

/** Seconds that a reader may keep a file: reference section 11. */
export const exportCacheSeconds: Readonly<Record<ExportName, number>> = { tonight: 300, predictions: 300, status: 60, results: 86_400, performance: 3_600 };
