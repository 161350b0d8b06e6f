import { gameDate, type GameDate } from '@handoff/contracts';
import { faultTable, type FaultRow } from '../scenario/fault-table.ts';
import { allowedTargets, Scenario, type ScenarioFault } from '../scenario/scenario.ts';
import type { TargetFamily } from '../scenario/targets.ts';

/** A date with an afternoon game, evening games, a postponed one, and lines of every source: most that can strike does. */
export const triedDate: GameDate = gameDate('2026-01-24');

/** Where a fault strikes of those that a row allows: what is at work on the date, a whole and a part where there are both. */
export const triedTargets: Readonly<Partial<Record<TargetFamily, readonly string[]>>> = {
  warehouse: ['warehouse', 'warehouse:nba_raw.bdl_player_boxscores'],
  bus: ['bus', 'bus:watchdog-canary', 'bus:phase3-trigger', 'bus:phase1-scrapers-complete'],
  source: ['source:bdl_player_box_scores', 'source:prizepicks_lines'],
  function: ['function:watchdog', 'function:expectation-planner', 'function:phase3-analytics', 'function:phase4-features'],
  scheduler: ['scheduler', 'scheduler:watchdog', 'scheduler:master-controller'],
  notifier: ['notifier:slack'],
};

interface Window {
  readonly at: string;
  readonly until: string;
}

/** Four hours in which the games of the evening end and are loaded, a day of the slate, and the hours in which lines are asked for. */
const evening: Window = { at: '2026-01-25T02:30:00Z', until: '2026-01-25T06:30:00Z' };
const day: Window = { at: '2026-01-24T08:00:00Z', until: '2026-01-25T06:30:00Z' };
const linesHours: Window = { at: '2026-01-24T12:00:00Z', until: '2026-01-24T19:00:00Z' };

/** What a channel has to have something to say of. */
const toBeToldOf: ScenarioFault = { target: 'warehouse', kind: 'permission-denied', at: '2026-01-25T03:00:00Z', until: '2026-01-25T04:00:00Z' };

/** What is called before the evening alone. */
const byDay = new Set<string>(['function:expectation-planner', 'function:phase4-features']);

const strikesOnce = new Set<string>(['crash', 'out-of-memory']);

function windowOf({ kind, family }: FaultRow, target: string): Partial<Window> {
  if (strikesOnce.has(kind)) return { at: (target === 'function:expectation-planner' ? day : evening).at };
  if (target === 'source:prizepicks_lines' && kind !== 'disable-source') return linesHours;
  if (family === 'source' || family === 'config' || kind === 'defaults-replace-features' || kind === 'delay' || byDay.has(target)) return day;
  return evening;
}

/** Every row of the table of faults on a day of its own, on each target of `triedTargets` that it allows, else on the first. */
export function singleFaults(): readonly Scenario[] {
  return faultTable.flatMap((row) => {
    const allowed = allowedTargets(row);
    const tried = (triedTargets[row.family] ?? []).filter((target) => allowed.includes(target));
    return (tried.length === 0 ? allowed.slice(0, 1) : tried).map((target) => {
      const fault = { target, kind: row.kind, ...windowOf(row, target) };
      return Scenario.parse({ name: `${row.kind} on ${target}`, from: triedDate, to: triedDate, faults: row.family === 'notifier' ? [fault, toBeToldOf] : [fault] });
    });
  });
}
