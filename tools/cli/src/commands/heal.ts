import { healGaps, planHealing } from '@handoff/flow-heal-gaps';
import type { Sport } from '@handoff/contracts';
import type { GapAction } from '@handoff/ledger';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../render/table.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface HealOptions extends SystemOptions {
  readonly now?: true;
  readonly dryRun?: true;
}

interface Healed {
  readonly schema: 'handoff.heal/1';
  readonly dryRun: boolean;
  readonly actions: readonly ReturnType<typeof told>[];
}

const sport: Sport = 'nba';

/** `handoff heal`: begins the repairs of what is missing, as self-heal does. */
export function healCommand(finish: (exitCode: number) => void): Command {
  return withSystemOptions(new Command('heal').description('Begins the repairs of gaps that are due; what is there is left alone.'))
    .option('--now', 'every open gap, whenever its next round would be')
    .option('--dry-run', 'only says what would be repaired, and how')
    .action(async (options: HealOptions) => { finish(await heal(options)); });
}

const told = ({ gap, repairs, saying }: GapAction) => ({ gameDate: gap.gameDate, flow: gap.flow, output: gap.subject, missing: gap.missing.length, saying, messages: repairs.length });

async function heal(options: HealOptions): Promise<number> {
  const dryRun = options.dryRun === true;
  const isRegardless = options.now === true;
  const actions = await inSystem(options, async ({ ports }, now) => {
    const planned = await planHealing(ports, now, { isRegardless });
    if (!dryRun) await healGaps({ sport, isRegardless, by: 'handoff heal' }, { ports, log: ports.log, correlationId: 'handoff heal' });
    return planned.map(told);
  });
  show<Healed>(options, { schema: 'handoff.heal/1', dryRun, actions }, render);
  return exitCodes.ok;
}

function render({ actions, dryRun }: Healed): string {
  if (actions.length === 0) return 'No gap is due to be healed.';
  return `${dryRun ? 'Would do:' : 'Begun, through the retry queue:'}\n${table(['date', 'flow', 'output', 'missing', 'repair'], actions.map((action) => [action.gameDate, action.flow, action.output, String(action.missing), action.saying]), [3])}`;
}
