import type { GameDate } from '@handoff/contracts';
import type { Warehouse } from '@handoff/ports';
import lineContradictions from './line-contradictions.sql';

/** Active predictions of a date, and how many of them contradict themselves about their line. */
export interface LineContradictions {
  readonly game_date: GameDate;
  readonly predictions: number;
  readonly contradicted: number;
}

/** Reads, by date, how many active predictions have a line where `line_source` says that there is none, or the reverse. Both dates are included; dates without predictions are not listed. */
export const loadLineContradictions = (warehouse: Warehouse, from: GameDate, until: GameDate): Promise<readonly LineContradictions[]> =>
  warehouse.query<LineContradictions & Record<string, unknown>>(
    { name: 'read-models/line-contradictions', text: lineContradictions },
    { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: until } },
  );
