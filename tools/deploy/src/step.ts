import type { Json } from './matches.ts';

/** A program and its arguments, run without a shell, and what it reads. */
export interface Command {
  readonly argv: readonly [program: string, ...args: string[]];
  /** Absent: it reads nothing. */
  readonly stdin?: string;
}

/** How what is there is read: a command that prints JSON, one row or many, and which of the rows are meant. */
export interface Look {
  readonly command: Command;
  /** A part of each row that is meant: the name say. */
  readonly where: Json;
}

/** The parts of an installation, in the order in which they are made: each needs those before it. */
export const parts = ['services', 'metrics', 'accounts', 'files', 'secrets', 'tables', 'state', 'permissions', 'topics', 'subscriptions', 'jobs', 'monitoring', 'functions'] as const;
export type Part = (typeof parts)[number];

/**
 * One thing that is to be there, as data: how to see it, what has to be seen, and the exact commands that make it so.
 * What runs, what is printed and what is compared for drift are all this.
 */
export interface Step {
  readonly part: Part;
  /** Unlike that of every other step: `topic phase3-trigger`. */
  readonly name: string;
  readonly look: Look;
  /** Each has to be a part of one of the rows that are meant. None: that there is a row is enough. */
  readonly wanted: readonly Json[];
  /** Where no row is meant. None: people have to, as `byHand` says. */
  readonly create: readonly Command[];
  /** Where a row is there and not as wanted; `{name}` stands for its name. None: it cannot be changed in place, and people have to decide. */
  readonly update: readonly Command[];
  readonly byHand?: string;
  /** What is meant is not to be there: where it is, `update` removes it. */
  readonly isUnwanted?: true;
  /** What was asked for may show only after a while, since the service does it when it can. */
  readonly isSlow?: true;
  /** Another step makes what is meant: where that is not there, nothing is wrong here. */
  readonly isMadeElsewhere?: true;
}

/** A command as it is written in a shell: what it reads comes as a document in place. */
export function linesOf({ argv, stdin }: Command): readonly string[] {
  const line = argv.map(quoted).join(' ');
  return stdin === undefined ? [line] : [`${line} <<'END'`, ...stdin.trimEnd().split('\n'), 'END'];
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
