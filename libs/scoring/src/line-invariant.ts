import { PipelineError } from '@handoff/contracts';

/** What a row says of its line. */
export interface LineClaim {
  readonly player_lookup: string;
  readonly has_prop_line: boolean;
  readonly line_source: string;
}

/** True when a row has a line exactly where its line is a book's: the two disagreed in 218 of 222 rows of one day (reference section 9.2). */
export const isLineConsistent = ({ has_prop_line: hasLine, line_source: source }: Pick<LineClaim, 'has_prop_line' | 'line_source'>): boolean => hasLine === (source === 'ACTUAL_PROP');

/** @throws `line-source-contradicted` (reject) for a row whose two columns disagree: which of them is right, nobody knows. */
export function refuseContradictedLine(row: LineClaim): void {
  if (isLineConsistent(row)) return;
  const { player_lookup: player, has_prop_line: hasPropLine, line_source: lineSource } = row;
  throw new PipelineError({
    code: 'line-source-contradicted', disposition: 'reject',
    message: `${player}: has_prop_line is ${String(hasPropLine)} and line_source ${lineSource}; it must be true for ACTUAL_PROP and for nothing else`,
    facts: { player, hasPropLine, lineSource },
  });
}

export type LineSeverity = 'ok' | 'warning' | 'critical';

/** How bad it is that rows of a date contradict themselves: any is a warning, more than half of them critical (requirement F164). */
export function judgeContradictedLines({ predictions, contradicted }: { readonly predictions: number; readonly contradicted: number }): LineSeverity {
  if (contradicted === 0) return 'ok';
  return contradicted > predictions / 2 ? 'critical' : 'warning';
}
