import type { EntityBreakers } from '@handoff/breakers';
import type { OutputName } from '@handoff/catalogue';
import type { GameDate, PhaseRun, PhaseTriggered, Row } from '@handoff/contracts';
import type { FlowContext } from '@handoff/ports';

/** What a phase makes of one output; rows without provenance. */
export interface MadeOutput {
  readonly rows: readonly Row[];
  /** How many rows the inputs ask for, by game. */
  readonly asked?: ReadonlyMap<string, number>;
  /** Games of the runs whose rows stay as they are, since they cannot be made any more. */
  readonly leavesAlone?: ReadonlySet<string>;
}

export type Made = ReadonlyMap<OutputName, MadeOutput>;

export interface MakerContext extends FlowContext {
  /** Of the players and teams that rows are made of. */
  readonly entities: EntityBreakers;
}

/** Makes a phase's rows for the runs of a trigger: loads its inputs, then transforms them purely. */
export type Maker = (trigger: PhaseTriggered, context: MakerContext) => Promise<Made>;

/** The first and last date of a trigger's runs, and the games of each. */
export interface RunSpan {
  readonly from: GameDate;
  readonly until: GameDate;
  readonly gamesOn: ReadonlyMap<string, ReadonlySet<string>>;
}

/** True when the run is about the game of a row, whose id is plain text. */
export const concerns = (run: PhaseRun, gameId: string): boolean => run.games.some((game) => game === gameId);

/** @throws RangeError for a trigger without runs; the contract does not let one in. */
export function spanOf({ runs }: PhaseTriggered): RunSpan {
  const dates = runs.map(({ gameDate }) => gameDate).sort();
  const [from, until] = [dates[0], dates.at(-1)];
  if (from === undefined || until === undefined) throw new RangeError('a trigger without runs');
  return { from, until, gamesOn: new Map(runs.map((run) => [run.gameDate, new Set(run.games)])) };
}
