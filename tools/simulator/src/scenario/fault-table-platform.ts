import { jobs, subscriptions, watchdog } from '@handoff/catalogue';
import type { FaultRow } from './fault-table.ts';
import type { TargetFamily } from './targets.ts';

type Effect = Pick<FaultRow, 'effect' | 'parameters'>;

const on = (family: TargetFamily, rest: Omit<FaultRow, 'family'>): FaultRow => ({ family, ...rest });

/** An outage counts as one after a quarter of an hour: the budget for its being noticed (design section 12). */
const outageMinutes = 15;
/** An outage of a whole part of the platform has a cause of its own; parts of it are noticed by what they hold up. */
const outage = { cause: 'platform-unreachable', otherCauses: ['message-dead-lettered'], alertWhen: 'lasting', alertBudgetMinutes: outageMinutes, isRecoverable: true } as const;
/** An hourly job that leaves nothing is told of after 70 minutes, and the controller that decides nothing after an hour. */
const jobMinutes = 120;
const slowCall = { delayMinutes: 'minutes that a call takes: 1' };

const permission = (family: TargetFamily, effect: string): FaultRow => on(family, { kind: 'permission-denied', effect, cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: outageMinutes, isRecoverable: true });

/** What can be away, answer with an error, be slow, or be slow and then fail. */
function awayRows(family: TargetFamily, calls: string, hasParts = false): readonly FaultRow[] {
  const away = { cause: 'message-dead-lettered', alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true } as const;
  // The watchdog looks at the whole by one part of it: where that is away, so is the whole for all that it knows.
  const partAway = { ...away, otherCauses: ['platform-unreachable'] } as const;
  const effects: readonly (readonly ['unavailable' | 'error' | 'timeout', Effect])[] = [
    ['unavailable', { effect: `${calls} fail with an error that passes by itself; nothing is written.` }],
    ['error', { effect: `${calls} fail with an internal error that passes by itself; nothing is written.` }],
    ['timeout', { effect: `${calls} take their time and then fail; nothing is written.`, parameters: { delayMinutes: 'minutes until a call fails: 1' } }],
  ];
  return [
    ...effects.flatMap(([kind, effect]) => [
      on(family, { kind, ...effect, ...(hasParts ? { only: [family] } : {}), ...outage }),
      ...(hasParts ? [on(family, { kind, ...effect, except: [family], ...partAway })] : []),
    ]),
    on(family, { kind: 'latency', effect: `${calls} succeed, but take their time.`, parameters: slowCall, ...away, otherCauses: ['platform-unreachable'] }),
  ];
}

const refusedStatement = (kind: FaultRow['kind'], effect: string, parameters?: FaultRow['parameters']): FaultRow =>
  on('warehouse', {
    kind, effect, cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: outageMinutes, isRecoverable: true,
    parameters: { ...parameters, processors: 'only writes of these outputs: all', games: 'only rows of these games: all', players: 'only rows of these players: all' },
  });

/** Whose standstill takes the watchdog with it. */
const watchers = ['scheduler', `scheduler:${watchdog}`];
const unwatched = { cause: 'watchdog-silent', alertWhen: 'lasting', alertBudgetMinutes: outageMinutes, isRecoverable: true } as const;

const schedulerEffects = {
  paused: 'The job, or every one, does not fire.',
  unavailable: 'The scheduler is away: the job, or every one, does not fire.',
  error: 'The firings of the job, or of every one, fail.',
  'permission-denied': 'The scheduler may not invoke the function: its firings are lost.',
} as const;

/** State store, warehouse, files, clock, jobs, channels, configuration: what the platform gives. */
export const platformFaults: readonly FaultRow[] = [
  permission('state', 'Every call to the state store is refused: no lock, claim, gate or release can be read or written.'),
  ...awayRows('state', 'Calls to the state store'),
  on('state', { kind: 'quota-exceeded', effect: 'Calls to the state store are refused for now, since its quota of a minute or a day is used up; nothing is written.', ...outage }),
  permission('warehouse', 'Statements over the table, or over all, are refused.'),
  ...awayRows('warehouse', 'Statements over the table, or over all,', true),
  refusedStatement('not-found', 'The table is gone: statements over it are refused.'),
  refusedStatement('schema-mismatch', 'The table lacks what is written to it: statements over it are refused.'),
  refusedStatement('quota-exceeded', 'Changes of the table are refused: its quota of load jobs or changes is used up. Queries go on.'),
  { ...refusedStatement('streaming-buffer', 'Changes of the table are refused, since somebody streamed rows into it.', { delayMinutes: 'minutes after which the error says that it is over: 30' }), cause: 'streaming-conflict-unresolved' as const, otherCauses: ['platform-fault' as const], alertWhen: 'lasting' as const, alertBudgetMinutes: 60 },
  permission('objects', 'Files can be neither read nor written.'),
  ...awayRows('objects', 'Reads and writes of files'),
  on('objects', { kind: 'not-found', effect: 'A file that was stored is not there when it is read.', parameters: { times: 'reads: all' }, cause: 'object-not-found', otherCauses: ['platform-fault'], alertWhen: 'first', alertBudgetMinutes: outageMinutes, isRecoverable: true }),
  on('objects', { kind: 'quota-exceeded', effect: 'There is no space: files can be read and not written.', cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: outageMinutes, isRecoverable: true }),
  on('objects', { kind: 'malformed', effect: 'A stored file comes back cut off in the middle.', cause: 'payload-malformed', otherCauses: ['platform-fault'], alertWhen: 'first', alertBudgetMinutes: outageMinutes, isRecoverable: true }),
  on('objects', { kind: 'unknown-path', effect: 'Answers are stored under a prefix that no scraper has, and announced with it.', cause: 'unknown-storage-path', alertWhen: 'first', alertBudgetMinutes: 1, isRecoverable: true }),
  on('clock', { kind: 'skew', effect: 'Functions read a clock that is off.', parameters: { delayMinutes: 'minutes that it is ahead, behind when negative: 5' }, alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  ...(['paused', 'unavailable', 'error', 'permission-denied'] as const).flatMap((kind) => [
    on('scheduler', { kind, effect: schedulerEffects[kind], only: watchers, ...unwatched }),
    on('scheduler', { kind, effect: schedulerEffects[kind], except: watchers, cause: 'job-silent', alertWhen: 'lasting', alertBudgetMinutes: jobMinutes, isRecoverable: true }),
  ]),
  on('scheduler', { kind: 'drop', effect: 'A firing of the job, or of any, is lost.', otherCauses: ['watchdog-silent', 'platform-unreachable'], alertWhen: 'harmful', alertBudgetMinutes: 120, isRecoverable: true }),
  on('scheduler', { kind: 'duplicate', effect: 'The job, or every one, fires twice at once.', alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  on('scheduler', { kind: 'delay', effect: 'The job, or every one, fires late.', otherCauses: ['watchdog-silent', 'platform-unreachable'], parameters: { delayMinutes: 'minutes late: 30' }, alertWhen: 'harmful', alertBudgetMinutes: 120, isRecoverable: true }),
  ...(['unavailable', 'error', 'timeout', 'rate-limited', 'permission-denied'] as const).map((kind) => on('notifier', { kind, effect: 'The channel takes no notices.', cause: 'notifier-failed', alertWhen: 'first', alertBudgetMinutes: outageMinutes, isRecoverable: true })),
  on('notifier', { kind: 'drop', effect: 'The channel takes notices, and they do not reach anybody.', alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  on('notifier', { kind: 'duplicate', effect: 'Notices by this channel come twice.', alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  on('config', { kind: 'missing-config', effect: 'No function starts: the variable that names the sport is missing. What is called answers 503.', ...unwatched }),
];

/** Functions that are called by their job alone: what they leave undone is seen when the next firing should have left something. */
const jobFunctions = jobs.map(({ name }) => name).filter((name) => name !== watchdog && !subscriptions.some((subscription) => subscription.function === name)).map((name) => `function:${name}`);

/** A function that nobody can call: of the watchdog nothing of ours tells; of others what lies and is not begun, or the job that leaves nothing. */
const functionAway = (kind: FaultRow['kind'], effect: string): readonly FaultRow[] => [
  on('function', { kind, effect, only: [`function:${watchdog}`], ...unwatched, otherCauses: ['message-dead-lettered', 'platform-unreachable'] }),
  on('function', { kind, effect, only: jobFunctions, cause: 'job-silent', alertWhen: 'lasting', alertBudgetMinutes: jobMinutes, isRecoverable: true }),
  on('function', { kind, effect, except: [`function:${watchdog}`, ...jobFunctions], cause: 'phase-unhealthy', otherCauses: ['message-dead-lettered', 'job-silent'], alertWhen: 'lasting', alertBudgetMinutes: 60, isRecoverable: true }),
];

/** The platform that serves a function: deployments, instances, their memory. */
export const functionFaults: readonly FaultRow[] = [
  on('function', { kind: 'crash', effect: 'The process dies at the point; what it had acknowledged stays, and the message comes again.', parameters: { point: 'before-work, after-work, after-commit (a write of state) or after-publish: before-work', times: 'crashes: 1', processors: 'only work about these outputs: all', games: 'only work about these games: all' }, otherCauses: ['watchdog-silent', 'platform-unreachable'], alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  on('function', { kind: 'out-of-memory', effect: 'The process is killed in the middle of its work, at a step drawn from the seed.', parameters: { times: 'kills: 1', processors: 'only work about these outputs: all', games: 'only work about these games: all' }, cause: 'message-dead-lettered', otherCauses: ['watchdog-silent', 'platform-unreachable'], alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  ...functionAway('unavailable', 'Calls are answered 503 by the platform; nothing runs.'),
  ...functionAway('error', 'Calls are answered 500 before any work.'),
  ...functionAway('permission-denied', 'The caller may not invoke it: calls are answered 403.'),
  on('function', { kind: 'timeout', effect: 'Calls do their work, and are cut off before they can say so.', parameters: { delayMinutes: 'minutes until a call is cut off: 9' }, cause: 'message-dead-lettered', otherCauses: ['watchdog-silent', 'platform-unreachable'], alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  on('function', { kind: 'latency', effect: 'Calls begin late: a cold start.', parameters: slowCall, otherCauses: ['watchdog-silent', 'platform-unreachable'], alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  ...functionAway('wrong-revision', 'Another service runs under its name: it answers its health checks, and 404 to all work.'),
  ...functionAway('missing-config', 'It does not start: a variable that it needs is missing. What is called answers 503.'),
  on('function', { kind: 'defaults-replace-features', only: ['function:phase4-features'], effect: 'It reads no games of any player, so that every row is there and its features are defaults.', cause: 'feature-quality-low', otherCauses: ['gate-blocked'], alertWhen: 'first', alertBudgetMinutes: 60, isRecoverable: false }),
];
