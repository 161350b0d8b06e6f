import { outputOf } from '@handoff/catalogue';
import type { Fault } from './fault.ts';

type Narrowed = Pick<Fault, 'games' | 'players' | 'processors'>;

/** True when nothing of the fault narrows it down to contents. */
const isAboutAll = ({ games, players, processors }: Narrowed): boolean => games === undefined && players === undefined && processors === undefined;

/** The names by which the fault may be found in a text: what a processor is called in messages is its output. */
const namesOf = ({ games = [], players = [], processors = [] }: Narrowed): readonly string[] => [...games, ...players, ...processors.map((name) => outputOf(name)?.name ?? name)];

/** Whether a message or a file is about what the fault names: any of it is enough. */
export function isAbout(fault: Narrowed, content: unknown): boolean {
  if (isAboutAll(fault)) return true;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return namesOf(fault).some((name) => text.includes(name));
}

/** Whether a statement over these tables is about what the fault names; rows are not looked at for games where there are none. */
export function isAboutTables(fault: Narrowed, tables: readonly string[], rows: readonly unknown[]): boolean {
  const { processors, games, players } = fault;
  if (processors !== undefined && !processors.some((name) => tables.includes(outputOf(name)?.name ?? name))) return false;
  return (games === undefined && players === undefined) || rows.some((row) => isAbout({ ...(games === undefined ? {} : { games }), ...(players === undefined ? {} : { players }) }, row));
}
