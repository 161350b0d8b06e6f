import { crashPoints, faultKinds, type Fault, type FaultKind } from '@handoff/faults';
import { GameDate, milliseconds, parseInstant, PipelineError, Sport } from '@handoff/contracts';
import { z } from 'zod';
import { faultTable, rowOf, type FaultRow } from './fault-table.ts';
import { familyOf, targetFamilies, targetsOf, writtenTargets } from './targets.ts';

/** The targets that a row of the table allows. */
export const allowedTargets = ({ family, only, except = [] }: FaultRow): readonly string[] => only ?? targetsOf(family).filter((target) => !except.includes(target));

const Instant = z.iso.datetime({ offset: true }).describe('An instant with its zone, such as 2026-01-23T04:20:00Z.');
const Names = z.array(z.string().min(1)).min(1);

const common = {
  at: Instant.optional().describe('Active from this instant on. Absent: from the start.'),
  until: Instant.optional().describe('Active before this instant. Absent: to the end.'),
  rate: z.number().gt(0).max(1).optional().describe('The share of the calls, messages, games or rows concerned, drawn from the seed. Absent: all.'),
  times: z.int().positive().optional().describe('Fires this often at most.'),
  games: Names.optional().describe('Official game ids: only what is about these games.'),
  players: Names.optional().describe('Only what is about these players.'),
  processors: Names.optional().describe('Only what is about these processors or their outputs.'),
};

/** Forwards, but for a clock, which may be behind. */
const delayMinutes = (kind: FaultKind) => (kind === 'skew' ? z.number() : z.number().min(0)).optional().describe('How long, or how far: what it means is in the table of docs/simulator.md.');

const kindsInTable: readonly FaultKind[] = faultKinds.filter((kind) => faultTable.some((row) => row.kind === kind));

function faultOf(kind: FaultKind) {
  const targets = [...new Set(faultTable.filter((row) => row.kind === kind).flatMap(allowedTargets))];
  return z.strictObject({ target: z.enum(targets), kind: z.literal(kind), ...common, delayMinutes: delayMinutes(kind), point: kind === 'crash' ? z.enum(crashPoints).optional() : z.never('only a crash has a point').optional() });
}

const [firstKind, ...otherKinds] = kindsInTable.map(faultOf);
if (firstKind === undefined) throw new RangeError('the table of faults is empty');

/** One fault of a scenario. */
export const ScenarioFault = z.discriminatedUnion('kind', [firstKind, ...otherKinds]);
export type ScenarioFault = z.infer<typeof ScenarioFault>;

/** A scenario as people write it: design section 10. */
export const Scenario = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  seed: z.int().min(0).max(2 ** 32 - 1).default(1).describe('Everything that is drawn follows from it.'),
  sport: Sport.default('nba'),
  from: GameDate.describe('The first game date, US Eastern. The run begins at 03:00 ET of it.'),
  to: GameDate.describe('The last game date. The run ends at noon ET of the day after.'),
  config: z.record(z.string(), z.string()).default({}).describe('Environment variables of the functions.'),
  faults: z.array(ScenarioFault).default([]),
  told: z.array(z.string().min(1)).optional().describe('The incidents that people hear of, each as its cause and subject: whatever else they hear is a violation. Empty: of nothing. Absent: anything that has a cause among the faults.'),
});
export type Scenario = z.infer<typeof Scenario>;

const usage = (message: string): PipelineError => new PipelineError({ code: 'scenario-invalid', disposition: 'reject', message });

/**
 * Reads a scenario file.
 *
 * @throws `scenario-invalid` (reject), a usage error that lists what is possible where a name is unknown or a kind does
 *   not fit its target.
 */
export function parseScenario(text: string, origin: string): Scenario {
  const value = jsonOf(text, origin);
  for (const fault of faultsIn(value)) refuseUnknown(fault, origin);
  const parsed = Scenario.safeParse(value);
  if (!parsed.success) throw usage(`${origin}: ${parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the scenario'}: ${issue.message}`).join('; ')}`);
  const { from, to, faults } = parsed.data;
  if (from > to) throw usage(`${origin}: from ${from} is after to ${to}`);
  const backwards = faults.findIndex(({ at, until }) => at !== undefined && until !== undefined && parseInstant(until) <= parseInstant(at));
  if (backwards !== -1) throw usage(`${origin}: faults.${backwards}: it ends before it begins`);
  return parsed.data;
}

function jsonOf(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw usage(`${origin} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const Named = z.looseObject({ faults: z.array(z.looseObject({ target: z.string(), kind: z.string() })) });

function faultsIn(value: unknown): readonly { readonly target: string; readonly kind: string }[] {
  const parsed = Named.safeParse(value);
  return parsed.success ? parsed.data.faults : [];
}

/** Zod would say which union failed; people want to know what they can write. */
function refuseUnknown({ target, kind }: { readonly target: string; readonly kind: string }, origin: string): void {
  const family = familyOf(target);
  if (family === undefined) throw usage(`${origin}: there is no target ${target}: write ${targetFamilies.map(writtenTargets).join(', ')} with names of handoff catalogue list`);
  if (!targetsOf(family).includes(target)) throw usage(`${origin}: there is no target ${target}: choose one of ${targetsOf(family).join(', ')}`);
  if (!kindsInTable.some((known) => known === kind)) throw usage(`${origin}: there is no kind ${kind}: choose one of ${kindsInTable.join(', ')}`);
  if (rowOf(kind, target) !== undefined) return;
  const kinds = [...new Set(faultTable.filter((row) => allowedTargets(row).includes(target)).map((row) => row.kind))];
  const rows = faultTable.filter((row) => row.kind === kind);
  // A row of some targets beside one of the rest of their family says nothing more.
  const whole = new Set(rows.filter(({ only }) => only === undefined).map(({ family: of }) => of));
  const fitting = [...new Set(rows.filter(({ only, family: of }) => only === undefined || !whole.has(of)).map((row) => row.only?.join(', ') ?? writtenTargets(row.family)))];
  throw usage(`${origin}: ${kind} does not fit ${target}: on ${target} there are ${kinds.join(', ')}; ${kind} fits ${fitting.join(', ')}`);
}

/** What a plan is made of, of what people wrote. A crash or a kill strikes once unless it is told otherwise. */
export function planFault({ target, kind, at, until, rate, times, games, players, processors, delayMinutes, point }: ScenarioFault): Fault {
  const strikesOnce = (kind === 'crash' || kind === 'out-of-memory') && rate === undefined && until === undefined;
  const timesMax = times ?? (strikesOnce ? 1 : undefined);
  return {
    target, kind,
    ...(at === undefined ? {} : { at: parseInstant(at) }),
    ...(until === undefined ? {} : { until: parseInstant(until) }),
    ...(rate === undefined ? {} : { rate }),
    ...(timesMax === undefined ? {} : { times: timesMax }),
    ...(games === undefined ? {} : { games }),
    ...(players === undefined ? {} : { players }),
    ...(processors === undefined ? {} : { processors }),
    ...(delayMinutes === undefined ? {} : { span: milliseconds(Math.round(delayMinutes * 60_000)) }),
    ...(kind === 'crash' ? { point: point ?? 'before-work' } : {}),
  };
}
