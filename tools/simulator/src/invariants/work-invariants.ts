import { endedTooSoon } from './healing-time.ts';
import type { Invariant } from './invariant.ts';

/** Messages that a clean run sends, this many times over: redeliveries, later revisions, what is redone. */
const cleanTimesMax = 3;
/** Messages beside them for each time that a fault struck: what is sent again on its account. */
const perStrikeMax = 10;

export const messagesBounded: Invariant = {
  name: 'messages-bounded',
  promise: `At most ${cleanTimesMax} times the messages of a clean run, and ${perStrikeMax} for each time that a fault struck.`,
  violations: ({ run, clean, faults }) => {
    const most = cleanTimesMax * clean.counts.messages + perStrikeMax * faults.reduce((sum, { fired }) => sum + fired, 0);
    return run.counts.messages > most ? [`${run.counts.messages} messages, at most ${most} were to be expected`] : [];
  },
};

/** What was held up by a fault has this long to be caught up with; what is missing has as long as healing takes. */
const settlingMs = 60 * 60_000;

export const nothingLeftUnfinished: Invariant = {
  name: 'nothing-left-unfinished',
  promise: 'An hour after the last fault nothing is still waiting that a clean run does not have waiting: outbox, and deferred work unless people have to look at it; and no gap and no breaker is open when the machine has had its time to heal.',
  notJudged: ({ faults, run }) => {
    const late = faults.find(({ lastAt }) => lastAt > run.endedAt - settlingMs);
    return late === undefined ? undefined : `${late.fault.kind} on ${late.fault.target} struck within the last hour: what it held up may be under way`;
  },
  violations: (evidence) => {
    const { run, clean, faults } = evidence;
    const isForMachine = faults.every(({ row }) => row.isRecoverable);
    const isHealed = isForMachine && endedTooSoon(evidence) === undefined;
    const kinds = [['messages in the outbox', run.unfinished.outbox, clean.unfinished.outbox], ['deferred messages', isForMachine ? run.unfinished.deferred : 0, clean.unfinished.deferred], ['messages on their way', isForMachine ? run.unfinished.queued : 0, clean.unfinished.queued], ['open gaps', isHealed ? run.unfinished.gaps : 0, clean.unfinished.gaps]] as const;
    const shut = isHealed ? run.unfinished.breakers.filter((name) => !clean.unfinished.breakers.includes(name)) : [];
    return [...kinds.filter(([, left, usual]) => left > usual).map(([what, left, usual]) => `${left} ${what}, ${usual} after a clean run`), ...shut.map((name) => `the breaker of ${name} is open`)];
  },
};
