import { enabledScrapersOf, gameTimes, windowTolerance, workflows, type Workflow, type WorkflowRule } from '@handoff/catalogue';
import { after, before, elapsed, hours, type EpochMs, type GameDate } from '@handoff/contracts';
import { addDays, easternHour, easternTime, type SlateGame } from '@handoff/slate';

/** A decision that a slate calls for: the workflow has to have been run between two instants, both included. */
export interface ExpectedDecision {
  readonly workflow: string;
  readonly gameDate: GameDate;
  readonly action: 'RUN';
  /** What the controller is expected to give as its reason. */
  readonly reason: string;
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** True where nothing is left to run for once the slate's games are collected: an earlier run may have found what this one is for. */
  readonly orCollected: boolean;
}

type Span = Pick<ExpectedDecision, 'from' | 'until' | 'reason' | 'orCollected'>;

/**
 * What a slate calls for, by the rules of the catalogue's workflows, known before its day begins: the morning, what is
 * looked for and asked before games, and of the windows those before which a game ends that no earlier window takes.
 * Whatever is asked again, or only where something is missing, is not expected. Postponed games call for nothing; a
 * date without games for its morning alone.
 */
export function expectedDecisions(gameDate: GameDate, slate: readonly SlateGame[]): readonly ExpectedDecision[] {
  const games = slate.filter(({ status }) => status !== 'postponed');
  const enabled = (workflows as readonly Workflow[]).filter((workflow) => enabledScrapersOf(workflow, gameDate).length > 0);
  const windows = windowsOf(gameDate, enabled);
  return enabled.flatMap((workflow) => {
    const span = spanOf(workflow.rule, gameDate, games) ?? windows.filter((window) => window.workflow === workflow && games.some((game) => firstWindowOf(game, windows) === window)).map(spanOfWindow)[0];
    return span === undefined ? [] : [{ workflow: workflow.name, gameDate, action: 'RUN', ...span }];
  });
}

/** When a workflow is to run that has no window, where the slate calls for it. */
function spanOf(rule: WorkflowRule, gameDate: GameDate, games: readonly SlateGame[]): Span | undefined {
  switch (rule.kind) {
    case 'daily':
      return { reason: 'due-today', from: easternTime(gameDate, rule.fromHour, 0), until: easternTime(gameDate, rule.untilHour, 0), orCollected: false };
    case 'discovery': {
      const from = easternTime(gameDate, rule.fromHour, 0);
      return games.length === 0 ? undefined : { reason: 'not-found-yet', from, until: twice(rule, from), orCollected: false };
    }
    case 'before-games':
      return spanBeforeGames(rule, gameDate, games);
    case 'postgame-window':
    case 'early-window':
    case 'catch-up':
    case 'schedule-freshness':
      return undefined;
  }
}

/** Long enough for a second one, should the first find nothing or be lost. */
const twice = ({ everyHours }: { readonly everyHours: number }, from: EpochMs): EpochMs => after(from, hours(2 * everyHours));

/** Up to the first tip-off; undefined where that comes so soon that no hour may be left. */
function spanBeforeGames(rule: Extract<WorkflowRule, { kind: 'before-games' }>, gameDate: GameDate, games: readonly SlateGame[]): Span | undefined {
  const first = earliest(games.map(({ tipAt }) => tipAt));
  if (first === undefined) return undefined;
  const opens = easternTime(gameDate, rule.fromHour, 0);
  const near = before(first, hours(rule.hoursBeforeTip));
  const from = near > opens ? near : opens;
  if (from > easternTime(gameDate, rule.untilHour, 0) || first <= from || elapsed(from, first) < hours(rule.everyHours)) return undefined;
  const until = twice(rule, from);
  return { reason: 'games-ahead', from, until: until < first ? until : first, orCollected: false };
}

/** The window of a workflow on the night of a slate. */
interface NightWindow {
  readonly workflow: Workflow;
  readonly at: EpochMs;
  /** True for a game that is over by then. */
  readonly finds: (game: SlateGame) => boolean;
}

function windowsOf(gameDate: GameDate, enabled: readonly Workflow[]): readonly NightWindow[] {
  return enabled.flatMap((workflow): NightWindow[] => {
    const { rule } = workflow;
    if (rule.kind !== 'postgame-window' && rule.kind !== 'early-window') return [];
    const at = easternTime(rule.kind === 'postgame-window' && rule.slate === 'yesterday' ? addDays(gameDate, 1) : gameDate, rule.hour, 0);
    const finds = ({ tipAt }: SlateGame): boolean =>
      rule.kind === 'postgame-window' ? after(tipAt, gameTimes.endsAfterMs) <= at : easternHour(tipAt) < rule.tipBeforeHour && after(tipAt, hours(rule.hoursAfterTip)) <= at;
    return [{ workflow, at, finds }];
  });
}

/** The window that is the first to find a game over. */
const firstWindowOf = (game: SlateGame, windows: readonly NightWindow[]): NightWindow | undefined =>
  windows.filter(({ finds }) => finds(game)).toSorted((left, right) => left.at - right.at)[0];

const spanOfWindow = ({ workflow, at }: NightWindow): Span => ({
  reason: workflow.rule.kind === 'early-window' ? 'early-games-not-collected' : 'final-games-not-collected', from: before(at, windowTolerance), until: after(at, windowTolerance), orCollected: true,
});

const earliest = (instants: readonly EpochMs[]): EpochMs | undefined => instants.toSorted((left, right) => left - right)[0];
