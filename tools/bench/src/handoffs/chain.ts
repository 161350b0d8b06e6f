import { completionTopics, isOutputAsked, outputsOf, scrapers, subscriptions, transitions, triggerTopics, type Output, type Topic, type Transition, type TransitionApp } from '@handoff/catalogue';
import { hashOf, type Completion, type GameDate, type OfficialGameId, type OutputsCompleted } from '@handoff/contracts';
import { easternTime } from '@handoff/slate';

/** One hand-off of a date: the events that complete its inputs, and where its trigger goes. */
export interface HandoffStep {
  readonly app: TransitionApp;
  readonly completionTopic: Topic;
  readonly triggerTopic: Topic;
  /** The function that takes the trigger. */
  readonly receiver: string;
  /** In order; the last one completes the set. */
  readonly events: readonly OutputsCompleted[];
}

/** The five hand-offs of one date, in the order in which they happen. */
export interface DateChain {
  readonly gameDate: GameDate;
  readonly steps: readonly HandoffStep[];
}

/** Games per date: with three, the five hand-offs of a date wait for 6, 6, 6, 3 and 9 events, six on average. */
export const gamesPerDate = 3;
const eventsPerDate = 30;

/** Each of the five transition functions once: the four of the pregame flow in their order, then the one that starts grading. */
const chained: readonly Transition[] = [...transitions.filter(({ flow }) => flow === 'pregame'), ...transitions.filter(({ to }) => to === 'phase6-grade')];

/**
 * The chain of a date, from the catalogue: what its gates wait for is what is announced.
 *
 * @throws RangeError when the catalogue has come to ask for another number of events, since figures of different chains do not compare.
 */
export function chainOf(gameDate: GameDate, games: readonly OfficialGameId[]): DateChain {
  const steps = chained.map((transition) => stepOf(transition, gameDate, games));
  const events = steps.reduce((sum, step) => sum + step.events.length, 0);
  if (events !== eventsPerDate) throw new RangeError(`a chain has ${events} events, not ${eventsPerDate}: the catalogue's outputs have changed, so change the slate of the benchmark`);
  return { gameDate, steps };
}

function stepOf({ app, flow, from, to }: Transition, gameDate: GameDate, games: readonly OfficialGameId[]): HandoffStep {
  if (from === 'phase1' || to === 'phase1' || to === 'phase2') throw new RangeError(`${app} is no hand-off of a benchmark`);
  const triggerTopic = triggerTopics[to];
  const receiver = subscriptions.find(({ topic }) => topic === triggerTopic)?.function;
  if (receiver === undefined) throw new RangeError(`nobody takes ${triggerTopic}`);
  const asked = outputsOf(from, flow).filter((output) => output.need !== 'alternative' && isOutputAsked(output, gameDate));
  const events = asked.flatMap((output) => scopesOfEvents(output, games)).map(({ output, scopes }, index): OutputsCompleted => ({
    sport: 'nba', purpose: 'live', phase: from, flow, executionId: `bench_${gameDate}_${app}_${index}`, sourceVersionAt: easternTime(gameDate, 6, 0),
    completions: scopes.map((scope): Completion => ({ gameDate, output: output.name, scope, contentHash: hashOf(`${gameDate} ${output.name} ${scope}`), rowCount: 20 })),
  }));
  return { app, completionTopic: completionTopics[from], triggerTopic, receiver, events };
}

interface EventScopes {
  readonly output: Output;
  readonly scopes: readonly Completion['scope'][];
}

/** One event per game; but a source that answers for a whole date or season is loaded, and announced, in one. */
function scopesOfEvents(output: Output, games: readonly OfficialGameId[]): readonly EventScopes[] {
  if (output.scope === 'slate') return [{ output, scopes: ['slate'] }];
  const units = scrapers.filter(({ loads }) => loads === output.name).map(({ unit }) => unit);
  if (output.phase === 'phase2' && !units.includes('event')) return [{ output, scopes: games }];
  return games.map((game) => ({ output, scopes: [game] }));
}
