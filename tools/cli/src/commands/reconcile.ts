import { isoInstant, type GameDate } from '@handoff/contracts';
import { compareSteps, tellFindings, type Reconciliation } from '@handoff/flow-reconcile-day';
import { addDays, gameDateOf } from '@handoff/slate';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { dateOption } from '../options.ts';
import { renderReconciliation } from '../render/reconciliation.ts';
import { inSystem, show, withSystemOptions, type SystemOptions } from '../system-command.ts';

interface ReconcileOptions extends SystemOptions {
  readonly date?: string;
  readonly detailed?: true;
  readonly alert?: true;
}

/** `handoff reconcile`: what each step of a date holds of what the step before had. */
export function reconcileCommand(finish: (exitCode: number) => void): Command {
  return withSystemOptions(new Command('reconcile').description('Compares the steps of a date with each other: five boundaries, and what is missing behind each.'))
    .option('--date <date>', 'the game date, YYYY-MM-DD (US Eastern); yesterday when left out')
    .option('--detailed', 'names the games and players that are missing')
    .option('--alert', 'tells people of what was found, and resolves what is whole again')
    .action(async (options: ReconcileOptions) => { finish(await reconcile(options)); });
}

async function reconcile(options: ReconcileOptions): Promise<number> {
  const asked = options.date === undefined ? undefined : dateOption('--date', options.date);
  return inSystem(options, async ({ ports }, now) => {
    const date = asked ?? addDays(gameDateOf(now), -1);
    const found = await compareSteps(ports, date, now);
    if (options.alert === true && found !== undefined) await tellFindings(ports, found);
    const shown = found === undefined ? withoutGames(date, isoInstant(now)) : shownAs(found, options.detailed === true);
    show(options, shown, (value) => renderReconciliation(value));
    return exitCodeFor(found);
  });
}

function exitCodeFor(found: Reconciliation | undefined): number {
  const severities = found === undefined ? [] : [found.severity, found.grading.severity];
  if (severities.includes('error') || severities.includes('critical')) return exitCodes.error;
  return severities.includes('warning') ? exitCodes.warning : exitCodes.ok;
}

export type ShownReconciliation = ReturnType<typeof shownAs> | ReturnType<typeof withoutGames>;

const schema = 'handoff.reconciliation/1' as const;

const withoutGames = (gameDate: GameDate, now: string) => ({ schema, gameDate, now, status: 'no-games' as const, games: { scheduled: 0, postponed: [] }, boundaries: [], grading: null, score: null });

const shownAs = ({ gameDate, now, severity, games, checks, grading, score, featureQuality, phases }: Reconciliation, isDetailed: boolean) => ({
  schema, gameDate, now: isoInstant(now), status: severity,
  games: { scheduled: games.filter(({ status }) => status !== 'postponed').length, postponed: games.filter(({ status }) => status === 'postponed').map(({ officialId }) => officialId) },
  boundaries: checks.map(({ incomplete, gamesPresent, ...check }) => ({ ...check, gamesPresent, gamesIncomplete: incomplete.length, ...(isDetailed ? { incomplete } : {}) })),
  grading, score: score.score, scoreStatus: score.status, featureQuality, phases,
});
