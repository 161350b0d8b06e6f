import type { TimeOfDay } from '@handoff/contracts';

/** A schedule job: it is named after the function that it calls. */
export interface ScheduleJob {
  readonly name: string;
  /** When it fires, in UTC: at least hourly, so that it is seen within the hour whether it does. */
  readonly cron: string;
  /**
   * The times of each US Eastern day at which there is work to do. Every firing from then on does it until it is done,
   * and those after that leave a sign and nothing else. Absent: each firing has work of its own.
   */
  readonly dueTimes?: readonly TimeOfDay[];
  readonly description: string;
}

/** What is due at times of the day fires as often as what is tried again: work that has failed waits no longer for its next try. */
const untilDone = { cron: '*/15 * * * *' } as const;

/** The one place in which it says when a job runs: local runs, the simulator, the watchdog and provisioning read it here. */
export const jobs = [
  { name: 'master-controller', cron: '0 * * * *', description: 'Decides RUN, SKIP or ABORT for every workflow.' },
  { name: 'expectation-planner', ...untilDone, dueTimes: [{ hour: 3, minute: 0 }], description: 'Writes what should exist, by when.' },
  { name: 'ledger-reconciler', cron: '*/30 * * * *', description: 'Moves the states of expected outputs by what it observes.' },
  { name: 'outbox-sweeper', cron: '* * * * *', description: 'Publishes what a crash left unconfirmed and what has become due.' },
  { name: 'phase5-predict-coordinator', cron: '*/5 * * * *', description: 'Looks whether a batch of predictions has come to a standstill.' },
  { name: 'auto-retry-processor', cron: '*/15 * * * *', description: 'Tries failed work again that is due, and judges what was tried.' },
  { name: 'boxscore-completeness', ...untilDone, dueTimes: [{ hour: 6, minute: 0 }, { hour: 12, minute: 0 }], description: 'Judges whether every game that was played has a box score, and again at noon, when what was asked for should have come.' },
  // Requirements section 13 settles on 12:45; the owner's notes have 14:15 too.
  { name: 'self-heal', ...untilDone, dueTimes: [{ hour: 12, minute: 45 }], description: 'Begins repairs of what is missing, once a day besides on each gap.' },
  { name: 'daily-reconciliation', ...untilDone, dueTimes: [{ hour: 6, minute: 0 }, { hour: 12, minute: 0 }], description: 'Compares the steps of yesterday with each other, and again at noon, when grades are due.' },
  { name: 'watchdog', cron: '*/5 * * * *', description: 'Looks whether the platform works, whether every job runs, and at every open incident.' },
  { name: 'workflow-health', cron: '*/30 * * * *', description: 'Looks whether decisions are made, hand-offs move and runs come to a good end.' },
  { name: 'phase-monitor', cron: '*/15 * * * *', description: 'Looks at what was released and not started, does not end, or went ahead with too little.' },
  { name: 'daily-health-summary', ...untilDone, dueTimes: [{ hour: 7, minute: 0 }], description: 'Tells people how the pipeline is, in one message.' },
] as const satisfies readonly ScheduleJob[];

export type JobName = (typeof jobs)[number]['name'];
