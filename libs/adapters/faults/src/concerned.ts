import { outputOf } from '@handoff/catalogue';
import type { Fault } from './fault.ts';

type Narrowed = Pick<Fault, 'games' | 'players' | 'processors'>;

/** Whether nothing narrows the fault down to contents. */
const isAboutAll = ({ games, players, processors }: Narrowed): boolean => games === undefined && players === undefined && processors === undefined;

/** What a processor is called in messages is its output. */
const outputNames = (processors: readonly string[] | undefined): readonly string[] | undefined => processors?.map((name) => outputOf(name)?.name ?? name);

/** Whether a message, a file or a call is about what the fault names: of each field that it has, any name is in it. */
export function isAbout(fault: Narrowed, content: unknown): boolean {
  if (isAboutAll(fault)) return true;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return [fault.games, fault.players, outputNames(fault.processors)].every((names) => names === undefined || names.some((name) => text.includes(name)));
}

/** Whether a statement over these tables is about what the fault names; rows are not looked at for games where there are none. */
export function isAboutTables(fault: Narrowed, tables: readonly string[], rows: readonly unknown[]): boolean {
  const { processors, games, players } = fault;
  if (processors !== undefined && !processors.some((name) => tables.includes(outputOf(name)?.name ?? name))) return false;
  return (games === undefined && players === undefined) || rows.some((row) => isAbout({ ...(games === undefined ? {} : { games }), ...(players === undefined ? {} : { players }) }, row));
}
