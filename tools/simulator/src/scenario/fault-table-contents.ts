import { tableSubscriptions, triggerTopics } from '@handoff/catalogue';
import type { FaultKind } from '@handoff/faults';
import type { FaultRow } from './fault-table.ts';

const narrowed = { games: 'only messages about these games: all', players: 'only messages about these players: all', processors: 'only messages about these outputs: all' };

const message = (kind: FaultKind, rest: Omit<FaultRow, 'kind' | 'family'>): FaultRow => ({ kind, family: 'bus', ...rest, parameters: { ...rest.parameters, ...narrowed } });

const absorbed = { alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true } as const;

/** What is late may be missed for a while. */
const late = { ...absorbed, otherCauses: ['platform-unreachable'] } as const;

/** Of the whole bus it is an outage, which the watchdog sees; of one topic it is seen by what it holds up, where that is not the watchdog's own. */
const onAll = (kind: FaultKind, rest: Omit<FaultRow, 'kind' | 'family'>): readonly FaultRow[] => [
  message(kind, { ...rest, only: ['bus'], cause: 'platform-unreachable', otherCauses: ['message-dead-lettered'], alertWhen: 'lasting', alertBudgetMinutes: 15 }),
  message(kind, { ...rest, except: ['bus'], otherCauses: ['platform-unreachable'] }),
];

/** Topics whose messages become rows of a table. */
const rowTopics = tableSubscriptions.map(({ topic }) => `bus:${topic}`);

const canaryTopic = 'bus:watchdog-canary';
/** Topics whose messages somebody waits for by name: what was asked for, what was stored, what a gate released. */
const awaitedTopics = ['scrape-requests', 'phase1-scrapers-complete', ...Object.values(triggerTopics)].map((topic) => `bus:${topic}`);
const paused = { effect: 'Nothing of the topic, or of any, is delivered until the fault is over.', parameters: { delayMinutes: 'unused; without `until` for seven days' } } as const;

/** Messages: refused, doubled, lost, late, broken. */
export const messageFaults: readonly FaultRow[] = [
  message('permission-denied', { effect: 'Publishing to the topic, or to any, is refused.', cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: 15, isRecoverable: true }),
  message('not-found', { effect: 'The topic, or every one, is gone.', cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: 15, isRecoverable: true }),
  ...(['unavailable', 'error'] as const).flatMap((kind) => onAll(kind, { effect: 'Publishing fails with an error that passes by itself; nothing is sent.', cause: 'message-dead-lettered', ...absorbed })),
  ...onAll('quota-exceeded', { effect: 'Publishing is refused for now, since the quota is used up; nothing is sent.', cause: 'message-dead-lettered', ...absorbed }),
  ...onAll('timeout', { effect: 'Publishing takes its time and then fails; nothing is sent.', parameters: { delayMinutes: 'minutes until it fails: 1' }, cause: 'message-dead-lettered', ...absorbed }),
  message('latency', { effect: 'Publishing succeeds, but takes its time.', parameters: { delayMinutes: 'minutes that it takes: 1' }, ...late }),
  message('duplicate', { effect: 'A message is sent twice.', ...absorbed }),
  ...onAll('drop', { effect: 'A message is acknowledged and lost.', alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true }),
  message('reorder', { effect: 'Later messages overtake.', parameters: { delayMinutes: 'minutes by which a message may be overtaken: 1' }, ...late }),
  message('delay', { effect: 'A message arrives late.', parameters: { delayMinutes: 'minutes late: 10' }, ...late }),
  message('paused', { ...paused, only: ['bus', canaryTopic], cause: 'platform-unreachable', alertWhen: 'lasting', alertBudgetMinutes: 15, isRecoverable: true }),
  message('paused', { ...paused, only: awaitedTopics, cause: 'phase-unhealthy', alertWhen: 'lasting', alertBudgetMinutes: 60, isRecoverable: true }),
  message('paused', { ...paused, except: ['bus', canaryTopic, ...awaitedTopics], ...absorbed }),
  message('malformed', { effect: 'A message arrives with a payload that its contract does not take.', except: ['bus', ...rowTopics], cause: 'malformed-message', otherCauses: ['platform-unreachable'], alertWhen: 'first', alertBudgetMinutes: 5, isRecoverable: true }),
  message('malformed', { effect: 'A message arrives with a payload that its contract does not take. A row of a log that its table does not take has to be looked at by people.', only: ['bus', ...rowTopics], cause: 'malformed-message', otherCauses: ['platform-unreachable', 'message-dead-lettered'], alertWhen: 'first', alertBudgetMinutes: 15, isRecoverable: false }),
  { kind: 'unknown-path', family: 'bus', only: ['bus:phase1-scrapers-complete'], effect: 'A message announces files under a prefix that no scraper has.', cause: 'unknown-storage-path', alertWhen: 'first', alertBudgetMinutes: 1, isRecoverable: true },
];

const shareOf = (what: string, fallback = 'all') => ({ rate: `the share of ${what}, always the same ones: ${fallback}` });
const gamesOnly = { games: 'official ids: all of the answer' };
const source = (kind: FaultKind, rest: Omit<FaultRow, 'kind' | 'family'>): FaultRow => ({ kind, family: 'source', ...rest });
const boxSources = ['source:bdl_player_box_scores', 'source:nbac_player_boxscore', 'source:espn_boxscore'];
const lineSources = ['source:oddsa_events', 'source:oddsa_player_props', 'source:prizepicks_lines'];
/** Its answers name players and teams, and lines are found by them. */
const playerLines = 'source:prizepicks_lines';

const withoutHarm = { alertWhen: 'harmful', alertBudgetMinutes: 60, isRecoverable: true } as const;
/** Overnight windows are hours apart; the last of them, and with it the alert about what is not there, is at 06:00 ET. */
const nightMinutes = 600;

/**
 * Sources: away, late, empty, incomplete, old, wrong. What a source lacks is asked for again until some source has it;
 * what it has wrong, or in part, is taken for what it is: that is not recoverable by a machine.
 */
export const sourceFaults: readonly FaultRow[] = [
  ...(['unavailable', 'error'] as const).map((kind) => source(kind, { effect: 'The source answers 5xx.', cause: 'message-dead-lettered', ...withoutHarm })),
  source('timeout', { effect: 'The source takes its time and does not answer.', parameters: { delayMinutes: 'minutes until it is given up: 1' }, cause: 'message-dead-lettered', ...withoutHarm }),
  source('latency', { effect: 'The source answers, but takes its time.', parameters: { delayMinutes: 'minutes that it takes: 1' }, ...withoutHarm }),
  source('rate-limited', { effect: 'The source answers 429.', cause: 'message-dead-lettered', ...withoutHarm }),
  source('blocked', { effect: 'The source refuses us: a ban of our address.', cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: 15, isRecoverable: true }),
  source('permission-denied', { effect: 'The source refuses our key.', cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: 15, isRecoverable: true }),
  source('not-found', { effect: 'The source answers 404.', cause: 'platform-fault', alertWhen: 'first', alertBudgetMinutes: 15, isRecoverable: true }),
  source('malformed', { effect: 'The answer is cut off in the middle.', cause: 'message-dead-lettered', ...withoutHarm }),
  source('unknown-path', { effect: 'Its answers are stored under a prefix that no scraper has, and announced with it.', cause: 'unknown-storage-path', alertWhen: 'first', alertBudgetMinutes: 1, isRecoverable: true }),
  source('missing-games', { effect: 'The answer lacks games that the source should have.', parameters: { ...gamesOnly, ...shareOf('games') }, cause: 'games-not-collected', alertWhen: 'harmful', alertBudgetMinutes: nightMinutes, isRecoverable: true }),
  source('empty', { effect: 'The answer is well-formed and holds nothing.', cause: 'games-not-collected', alertWhen: 'harmful', alertBudgetMinutes: nightMinutes, isRecoverable: true }),
  source('empty-then-good', { effect: 'What is asked for the first time is answered with nothing, and after a while with the truth.', parameters: { delayMinutes: 'minutes from the first answer to the truth: 30' }, cause: 'no-rows-for-final-games', alertWhen: 'harmful', alertBudgetMinutes: nightMinutes, isRecoverable: true }),
  source('partial', { effect: 'The answer lacks some of the rows of every game.', parameters: { ...gamesOnly, players: 'the players that are missing: drawn', ...shareOf('rows that are missing', '0.5') }, alertWhen: 'harmful', alertBudgetMinutes: nightMinutes, isRecoverable: false }),
  source('stale', { effect: 'The source answers as it did when the fault began.', parameters: { delayMinutes: 'minutes before that: 0' }, cause: 'games-not-collected', alertWhen: 'harmful', alertBudgetMinutes: nightMinutes, isRecoverable: true }),
  source('delay', { effect: 'Everything becomes known to the source later than it did.', parameters: { delayMinutes: 'minutes later: 120' }, cause: 'games-not-collected', alertWhen: 'harmful', alertBudgetMinutes: nightMinutes, isRecoverable: true }),
  source('corrected-later', { only: [...boxSources, ...lineSources], effect: 'Points and lines are wrong at first, and corrected after a while.', parameters: { ...gamesOnly, players: 'whose numbers are wrong: drawn', delayMinutes: 'minutes from the final whistle, or of a line from its snapshot, to the correction: 720', ...shareOf('rows that are wrong', '0.2') }, alertWhen: 'harmful', alertBudgetMinutes: 1_440, isRecoverable: false }),
  source('reversed-teams', { only: ['source:bdl_player_box_scores', ...lineSources.filter((target) => target !== playerLines)], effect: 'Home and away are the wrong way round.', parameters: { ...gamesOnly, ...shareOf('games') }, cause: 'unresolved-identity', alertWhen: 'first', alertBudgetMinutes: nightMinutes, isRecoverable: true }),
  source('reversed-teams', { only: [playerLines], effect: 'Home and away are the wrong way round. Its lines are found by their players, whichever side they are on.', parameters: { ...gamesOnly, ...shareOf('games') }, ...withoutHarm }),
  source('alias-names', { effect: 'Teams are written in another way: BRK for BKN, PHO for PHX, LA Clippers for Los Angeles Clippers.', ...withoutHarm }),
  source('disable-source', { effect: 'The source of this scraper is switched off in the catalogue from the game date of `at` on, for all its scrapers.', alertWhen: 'never', alertBudgetMinutes: 0, isRecoverable: true }),
];
