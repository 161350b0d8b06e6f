import { PipelineError } from '@handoff/contracts';
import { z } from 'zod';
import { differencesOf, fits, type Difference, type Json } from './matches.ts';
import { linesOf, type Command, type Part, type Step } from './step.ts';

/** How a program ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is there and the catalogue does not know: a job that was renamed say, and fires under both names. */
export interface Stranger {
  readonly part: Part;
  readonly name: string;
}

export interface Looked {
  readonly findings: readonly Finding[];
  readonly strangers: readonly Stranger[];
}

/** Runs a program to its end; a program that is not installed is an error, one that fails an answer. */
export type Execute = (command: Command) => Promise<Ran>;

/** A project of Google's cloud, reached by running its tools. */
export interface Cloud {
  readonly execute: Execute;
  readonly project: string;
  readonly projectNumber: string;
}

/** How a step stands. */
export type Finding =
  | { readonly step: Step; readonly state: 'there' }
  | { readonly step: Step; readonly state: 'absent' }
  | { readonly step: Step; readonly state: 'different'; readonly differences: readonly Difference[]; /** Of the row that is not as wanted; null where it has none. */ readonly name: string | null };

/**
 * Sees how every step stands. What many steps look at is read once. Changes nothing.
 *
 * @param progress - called before each read, with how many there are.
 * @throws `cloud-command-failed` (retry) where something cannot be read: it is not taken for absent.
 */
export async function look(steps: readonly Step[], cloud: Cloud, progress: (done: number, of: number) => void = () => undefined): Promise<Looked> {
  const commands = new Map(steps.map((step) => [lineOf(step.look.command), step.look.command]));
  const rows = new Map<string, readonly Json[]>();
  for (const [line, command] of commands) {
    progress(rows.size, commands.size);
    rows.set(line, await read(command, cloud));
  }
  progress(rows.size, commands.size);
  const findings = steps.map((step) => judge(step, rows.get(lineOf(step.look.command)) ?? []));
  return { findings, strangers: strangersOf(steps, (step) => rows.get(lineOf(step.look.command)) ?? []) };
}

/** Parts in which everything that is there is to be of the catalogue: what is called, what calls it, what waits. */
const whole: ReadonlySet<Part> = new Set<Part>(['topics', 'subscriptions', 'jobs', 'functions']);

/** What is there and is no step's. */
function strangersOf(steps: readonly Step[], rowsOf: (step: Step) => readonly Json[]): readonly Stranger[] {
  const named = steps.filter(({ part, look: { where } }) => whole.has(part) && nameOf(where) !== null);
  const known = new Set(named.map(({ look: { where } }) => nameOf(where)));
  const found = named.flatMap((step) => rowsOf(step).map((row) => ({ part: step.part, name: nameOf(row) })));
  return [...new Map(found.flatMap(({ part, name }) => (name === null || known.has(name) ? [] : [[name, { part, name }] as const]))).values()];
}

const lineOf = (command: Command): string => linesOf(command).join('\n');

/** How a step stands by the rows that its look has printed. */
export function judge(step: Step, rows: readonly Json[]): Finding {
  const meant = rows.filter((row) => fits(step.look.where, row));
  const [first] = meant;
  if (first === undefined) return step.isMadeElsewhere === true || step.isUnwanted === true ? { step, state: 'there' } : { step, state: 'absent' };
  if (step.isUnwanted === true) return { step, state: 'different', differences: [{ path: '', found: first, wanted: null }], name: nameOf(first) };
  const lacking = step.wanted.filter((wanted) => !meant.some((row) => fits(wanted, row)));
  if (lacking.length === 0) return { step, state: 'there' };
  const differences = lacking.flatMap((wanted): readonly Difference[] => (meant.length === 1 ? differencesOf(wanted, first) : [{ path: '', found: undefined, wanted }]));
  return { step, state: 'different', differences, name: nameOf(first) };
}

const nameOf = (row: Json): string | null => {
  const named = z.object({ name: z.string() }).safeParse(row);
  return named.success ? named.data.name : null;
};

/** What Google's tools say of a thing that is not there; a list is empty instead. */
const absent = /NOT_FOUND|\b404\b|not found|does not exist/i;
/** What they say of a thing that may not be seen: with it, some say that it may not be there. */
const refused = /PERMISSION_DENIED|does not have (permission|access)|credentials|\b403\b/i;
/**
 * What they say where the service itself is switched off: nothing of it is there, and provisioning switches it on. It
 * reads like a refusal. Of another project, as that of whoever asks, it is one.
 */
const switchedOff = /SERVICE_DISABLED|has not been used in project|API \[[\w.]+\] not enabled/;
function isAbsence(said: string, { project, projectNumber }: Cloud): boolean {
  if (switchedOff.test(said)) return said.includes(project) || said.includes(projectNumber);
  return absent.test(said) && !refused.test(said);
}

async function read(command: Command, cloud: Cloud): Promise<readonly Json[]> {
  const { exitCode, stdout, stderr } = await cloud.execute(command);
  if (exitCode !== 0) {
    if (isAbsence(`${stderr}\n${stdout}`, cloud)) return [];
    throw failed(command, { exitCode, stdout, stderr });
  }
  const answer = stdout.trim() === '' ? [] : parsed(command, stdout);
  return Array.isArray(answer) ? (answer as readonly Json[]) : [answer];
}

function parsed(command: Command, text: string): Json {
  try {
    return z.json().parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PipelineError({ code: 'cloud-command-failed', disposition: 'retry', message: `${lineOf(command)} did not print JSON: ${text.slice(0, 200)}`, cause: error });
  }
}

/** Of a program's words: its error, and little of the advice below it. */
const linesToldMax = 6;

/** The error of a command that did not end well, in the words of the program. */
export function failed(command: Command, { exitCode, stderr, stdout }: Ran): PipelineError {
  // bq writes its error to the one and how long it waits to the other; what gcloud says of itself comes before and after.
  const lines = `${stderr}\n${stdout}`.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !line.startsWith('Waiting on '));
  const start = lines.findIndex((line) => /^(ERROR|BigQuery error|Error in query)/.test(line));
  const said = lines.slice(start === -1 ? -linesToldMax : start).slice(0, linesToldMax).join('\n');
  return new PipelineError({ code: 'cloud-command-failed', disposition: 'retry', message: `${lineOf(command)} ended with ${exitCode}: ${said}`, facts: { exitCode } });
}
