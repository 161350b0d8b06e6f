import { isoInstant } from '@handoff/contracts';
import { deadLetterId, deadLetters, redriveByHand, redriven, type DeadLetterDocument } from '@handoff/dead-letters';
import type { Ports, VersionedDocument } from '@handoff/ports';
import { Command } from 'commander';
import { exitCodes, usageError } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface ListOptions extends SystemOptions {
  readonly all?: true;
}

interface RedriveOptions extends SystemOptions {
  readonly all?: true;
  readonly dryRun?: true;
}

type Letter = VersionedDocument<DeadLetterDocument>;

/** `handoff dead-letters`: messages that used up their deliveries. */
export function deadLettersCommand(finish: (exitCode: number) => void): Command {
  const command = new Command('dead-letters').description('Messages that used up their deliveries.');
  withSystemOptions(command.command('list').description('Lists the messages that wait for people.'))
    .option('--all', 'those that were sent again or settled too')
    .action(async (options: ListOptions) => { finish(await list(options)); });
  withSystemOptions(command.command('show <id>').description('Shows one message whole, with its payload.'))
    .action(async (id: string, options: SystemOptions) => { finish(await showOne(id, options)); });
  withSystemOptions(command.command('redrive [ids...]').description('Sends messages again to the topics that they came from.'))
    .option('--all', 'every message that waits')
    .option('--dry-run', 'only says what would be sent')
    .action(async (ids: readonly string[], options: RedriveOptions) => { finish(await redrive(ids, options)); });
  return command;
}

const readLetters = ({ state }: Pick<Ports, 'state'>): Promise<readonly Letter[]> => state.query<DeadLetterDocument>({ collection: deadLetters });

const listed = (letter: DeadLetterDocument) => ({
  id: deadLetterId(letter.subscription, letter.message.key), status: letter.status, subscription: letter.subscription, key: letter.message.key, correlationId: letter.message.correlationId,
  letters: letter.letters, deliveries: letter.deliveries, redrives: letter.redrives, publishedAt: isoInstant(letter.publishedAt), keptAt: isoInstant(letter.keptAt), reason: letter.reason,
});

interface LetterList {
  readonly schema: 'handoff.dead-letters/1';
  readonly letters: readonly ReturnType<typeof listed>[];
}

/** A message that waits for people is an error. */
async function list(options: ListOptions): Promise<number> {
  const letters = await inSystem(options, async ({ ports }) => (await readLetters(ports)).map(({ value }) => value).filter(({ status }) => options.all === true || status === 'waiting'));
  show<LetterList>(options, { schema: 'handoff.dead-letters/1', letters: letters.map(listed) }, render);
  return letters.some(({ status }) => status === 'waiting') ? exitCodes.error : exitCodes.ok;
}

function render({ letters }: LetterList): string {
  if (letters.length === 0) return 'No message waits in the dead letters.';
  return table(['id', 'status', 'subscription', 'key', 'letters', 'sent again', 'kept at', 'why'], letters.map((letter) => [letter.id, letter.status, letter.subscription, letter.key, String(letter.letters), String(letter.redrives), letter.keptAt, letter.reason]), [4, 5]);
}

async function showOne(id: string, options: SystemOptions): Promise<number> {
  const { value } = await inSystem(options, async ({ ports }) => named(id, await readLetters(ports)));
  show(options, { schema: 'handoff.dead-letter/1' as const, ...listed(value), payload: value.message.payload }, (shown) => JSON.stringify(shown, null, 2));
  return exitCodes.ok;
}

interface Redriven {
  readonly schema: 'handoff.dead-letters-redrive/1';
  readonly dryRun: boolean;
  readonly letters: readonly ReturnType<typeof listed>[];
}

async function redrive(ids: readonly string[], options: RedriveOptions): Promise<number> {
  if ((ids.length === 0) === (options.all !== true)) throw usageError('usage', 'name the messages to send again, or all that wait with --all');
  const dryRun = options.dryRun === true;
  const letters = await inSystem(options, async ({ ports }, now) => {
    const known = await readLetters(ports);
    const chosen = options.all === true ? known.filter(({ value }) => value.status === 'waiting') : ids.map((id) => named(id, known));
    if (dryRun) return chosen.map(({ value }) => redriven(value, now, 'sent again by hand'));
    const sent: DeadLetterDocument[] = [];
    for (const letter of chosen) sent.push(await redriveByHand(ports, letter, now));
    return sent;
  });
  show<Redriven>(options, { schema: 'handoff.dead-letters-redrive/1', dryRun, letters: letters.map(listed) }, (value) => `${dryRun ? 'Would send again' : 'To be sent again with the next sweep'}:\n${render({ schema: 'handoff.dead-letters/1', letters: value.letters })}`);
  return exitCodes.ok;
}

/** @throws `dead-letter-unknown`. */
function named(id: string, letters: readonly Letter[]): Letter {
  const letter = letters.find(({ value }) => deadLetterId(value.subscription, value.message.key) === id);
  if (letter === undefined) throw usageError('dead-letter-unknown', `there is no message ${id} in the dead letters: handoff dead-letters list --all shows them`);
  return letter;
}
