/** A schedule job: it is named after the function that it calls. */
export interface ScheduleJob {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: 'America/New_York' | 'Etc/UTC';
  readonly description: string;
}

/** The one place in which it says when a job runs: local runs, the simulator, the watchdog and provisioning read it here. */
export const jobs = [
  { name: 'master-controller', cron: '0 * * * *', timeZone: 'Etc/UTC', description: 'Decides RUN, SKIP or ABORT for every workflow.' },
  { name: 'expectation-planner', cron: '0 3 * * *', timeZone: 'America/New_York', description: 'Writes what should exist, by when.' },
  { name: 'ledger-reconciler', cron: '*/30 * * * *', timeZone: 'Etc/UTC', description: 'Moves the states of expected outputs by what it observes.' },
  { name: 'outbox-sweeper', cron: '* * * * *', timeZone: 'Etc/UTC', description: 'Publishes what a crash left unconfirmed and what has become due.' },
  { name: 'phase5-predict-coordinator', cron: '*/5 * * * *', timeZone: 'Etc/UTC', description: 'Looks whether a batch of predictions has come to a standstill.' },
  { name: 'auto-retry-processor', cron: '*/15 * * * *', timeZone: 'Etc/UTC', description: 'Tries failed work again that is due, and judges what was tried.' },
  { name: 'boxscore-completeness', cron: '0 6 * * *', timeZone: 'America/New_York', description: 'Judges whether every game that was played has a box score.' },
  // Requirements section 13 settles on 12:45; the owner's notes have 14:15 too.
  { name: 'self-heal', cron: '45 12 * * *', timeZone: 'America/New_York', description: 'Begins repairs of what is missing, once a day besides on each gap.' },
  { name: 'daily-reconciliation', cron: '0 6,12 * * *', timeZone: 'America/New_York', description: 'Compares the steps of yesterday with each other, and again at noon, when grades are due.' },
  { name: 'watchdog', cron: '*/5 * * * *', timeZone: 'Etc/UTC', description: 'Looks whether the platform works, whether every job runs, and at every open incident.' },
  { name: 'workflow-health', cron: '*/30 * * * *', timeZone: 'Etc/UTC', description: 'Looks whether decisions are made, hand-offs move and runs come to a good end.' },
  { name: 'phase-monitor', cron: '*/15 * * * *', timeZone: 'Etc/UTC', description: 'Looks at what was released and not started, does not end, or went ahead with too little.' },
  { name: 'daily-health-summary', cron: '0 7 * * *', timeZone: 'America/New_York', description: 'Tells people how the pipeline is, in one message.' },
] as const satisfies readonly ScheduleJob[];

export type JobName = (typeof jobs)[number]['name'];
