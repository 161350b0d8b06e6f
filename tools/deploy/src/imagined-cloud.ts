import type { Cloud, Execute, Ran } from './look.ts';
import type { Json } from './matches.ts';
import type { Command, Step } from './step.ts';

const ended = (stdout: string): Ran => ({ exitCode: 0, stdout, stderr: '' });

/** A cloud in memory for specs: rows by the list that they are in, and what is refused. */
export class ImaginedCloud implements Cloud {
  readonly project = 'handoff-example';
  readonly projectNumber = '123456789012';
  readonly lists = new Map<string, Json[]>();
  readonly ran: string[] = [];
  /** What a command is refused with: the first words of it, and what it says. */
  readonly refused = new Map<string, string>();
  /** Commands that end well and do nothing. */
  readonly idle = new Set<string>();

  readonly execute: Execute = ({ argv }) => Promise.resolve(this.#answer(argv));

  #answer([, verb = '', list = '', name = '', value = '']: Command['argv']): Ran {
    const line = [verb, list, name].join(' ').trim();
    const refusal = [...this.refused].find(([words]) => line.startsWith(words));
    if (refusal !== undefined) return { exitCode: 1, stdout: '', stderr: `Some advice first.\nERROR: ${refusal[1]}\nand advice after` };
    const rows = this.lists.get(list) ?? [];
    if (verb === 'list') return ended(JSON.stringify(rows));
    this.ran.push(line);
    if (!this.idle.has(line)) this.lists.set(list, [...rows.filter((row) => (row as { name: string }).name !== name), { name, value }]);
    return ended('');
  }
}

/** A step about a thing of an imagined cloud. */
export const imagined = (name: string, value: string, over: Partial<Step> = {}): Step => ({
  part: 'topics', name: `thing ${name}`,
  look: { command: { argv: ['cloud', 'list', 'things'] }, where: { name } },
  wanted: [{ value }],
  create: [{ argv: ['cloud', 'create', 'things', name, value] }],
  update: [{ argv: ['cloud', 'update', 'things', '{name}', value] }],
  ...over,
});
