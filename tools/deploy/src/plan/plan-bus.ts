import { deadLetterName, deadLetterSubscriptions, deliveryDeadline, firingRetryPolicy, firingRetriesOf, jobs, messageRetention, resourcesOf, subscriptions, tableSubscriptions, topics, type FunctionName, type ScheduleJob } from '@handoff/catalogue';
import type { DurationMs } from '@handoff/contracts';
import type { Installation } from '../installation.ts';
import type { Json } from '../matches.ts';
import { linesOf, type Step } from '../step.ts';
import { gcloud, gcloudJson } from './google.ts';
import { accountOf, addressOf } from './names.ts';

const seconds = (span: DurationMs): string => `${span / 1_000}s`;

const topicPathOf = (topic: string, { project }: Installation): string => `projects/${project}/topics/${topic}`;

/** Topics, and one of dead letters for each subscription. */
export const planTopics = (installation: Installation): readonly Step[] =>
  [...topics, ...[...subscriptions, ...tableSubscriptions].map(({ name }) => deadLetterName(name))].map((topic): Step => ({
    part: 'topics', name: `topic ${topic}`,
    look: { command: gcloudJson(installation, 'pubsub', 'topics', 'list'), where: { name: topicPathOf(topic, installation) } },
    wanted: [],
    create: [gcloud(installation, 'pubsub', 'topics', 'create', topic)], update: [],
  }));

interface Setting {
  /** As gcloud takes it. */
  readonly flag: string;
  /** As the service shows it. */
  readonly shown: Readonly<Record<string, Json>>;
}

/** What every subscription of ours has: it is never given up for want of use, and comes again after a while. */
const kept = ({ minBackoffSeconds, maxBackoffSeconds }: { readonly minBackoffSeconds: number; readonly maxBackoffSeconds: number }): readonly Setting[] => [
  { flag: `--ack-deadline=${deliveryDeadline / 1_000}`, shown: { ackDeadlineSeconds: deliveryDeadline / 1_000 } },
  { flag: `--message-retention-duration=${seconds(messageRetention)}`, shown: { messageRetentionDuration: seconds(messageRetention) } },
  { flag: '--expiration-period=never', shown: { expirationPolicy: {} } },
  { flag: `--min-retry-delay=${minBackoffSeconds}s`, shown: {} },
  { flag: `--max-retry-delay=${maxBackoffSeconds}s`, shown: { retryPolicy: { minimumBackoff: `${minBackoffSeconds}s`, maximumBackoff: `${maxBackoffSeconds}s` } } },
];

/** A push in the invoker's name, with a token for the function that it goes to. */
function pushed(to: string, installation: Installation): readonly Setting[] {
  const [pushEndpoint, account] = [addressOf(to, installation), accountOf('invoker', installation)];
  const audience = pushEndpoint;
  return [
    { flag: `--push-endpoint=${pushEndpoint}`, shown: { pushConfig: { pushEndpoint, oidcToken: { serviceAccountEmail: account, audience } } } },
    { flag: `--push-auth-service-account=${account}`, shown: {} },
    { flag: `--push-auth-token-audience=${audience}`, shown: {} },
  ];
}

const dying = (name: string, deliveriesMax: number, installation: Installation): readonly Setting[] => [
  { flag: `--dead-letter-topic=${deadLetterName(name)}`, shown: { deadLetterPolicy: { deadLetterTopic: topicPathOf(deadLetterName(name), installation), maxDeliveryAttempts: deliveriesMax } } },
  { flag: `--max-delivery-attempts=${deliveriesMax}`, shown: {} },
];

/** Subscriptions of our own, which a deployment leaves as they are: to functions, to tables, and of dead letters. */
export function planSubscriptions(installation: Installation): readonly Step[] {
  const toTable = (table: string): readonly Setting[] => {
    const shown = `${installation.project}.${table}`;
    return [
      { flag: `--bigquery-table=${shown}`, shown: { bigqueryConfig: { table: shown, useTableSchema: true, dropUnknownFields: true } } },
      { flag: '--use-table-schema', shown: {} },
      { flag: '--drop-unknown-fields', shown: {} },
    ];
  };
  return [
    ...deadLetterSubscriptions.map((one) => planSubscription(one, [...kept(one), ...pushed(one.function, installation)], installation)),
    ...subscriptions.map((one) => planSubscription(one, [...kept(one), ...pushed(one.function, installation), ...dying(one.name, one.deliveriesMax, installation)], installation)),
    ...tableSubscriptions.map((one) => planSubscription(one, [...kept(one), ...toTable(one.table), ...dying(one.name, one.deliveriesMax, installation)], installation)),
  ];
}

function planSubscription({ name, topic }: { readonly name: string; readonly topic: string }, settings: readonly Setting[], installation: Installation): Step {
  const flags = settings.map(({ flag }) => flag);
  return {
    part: 'subscriptions', name: `subscription ${name}`,
    look: { command: gcloudJson(installation, 'pubsub', 'subscriptions', 'list'), where: { name: `projects/${installation.project}/subscriptions/${name}` } },
    wanted: [Object.assign({ topic: topicPathOf(topic, installation) }, ...settings.map(({ shown }) => shown)) as Json],
    create: [gcloud(installation, 'pubsub', 'subscriptions', 'create', name, `--topic=${topic}`, ...flags)],
    update: [gcloud(installation, 'pubsub', 'subscriptions', 'update', name, ...flags)],
  };
}

/** Jobs of Cloud Scheduler, and that none of them is paused: one that somebody paused and forgot is the standstill that this system exists for. It is told of, and not undone: the pause may be meant. */
export function planJobs(installation: Installation): readonly Step[] {
  const list = gcloudJson(installation, 'scheduler', 'jobs', 'list', `--location=${installation.region}`);
  return jobs.flatMap((job): readonly Step[] => {
    const where = { name: `projects/${installation.project}/locations/${installation.region}/jobs/${job.name}` };
    const { flags, wanted } = firingOf(job, installation);
    const place = `--location=${installation.region}`;
    return [
      { part: 'jobs', name: `job ${job.name}`, look: { command: list, where }, wanted: [wanted], create: [gcloud(installation, 'scheduler', 'jobs', 'create', 'http', job.name, place, ...flags)], update: [gcloud(installation, 'scheduler', 'jobs', 'update', 'http', job.name, place, ...flags)] },
      { part: 'jobs', name: `job ${job.name} fires`, look: { command: list, where }, wanted: [{ state: 'ENABLED' }], create: [], update: [], isMadeElsewhere: true, byHand: `Somebody has paused it. To go on: ${linesOf(gcloud(installation, 'scheduler', 'jobs', 'resume', job.name, place)).join('')}` },
    ];
  });
}

/** Of all schedules: what is due at times of the US Eastern day says so itself. */
const timeZone = 'Etc/UTC';

/** What whoever looks at the list of jobs reads: one that is due once a day fires all day, which has to be said. */
function describe({ description, dueTimes }: ScheduleJob): string {
  if (dueTimes === undefined) return description;
  const times = dueTimes.map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  return `${description} Due at ${times.join(' and ')} US Eastern, and done once.`;
}

function firingOf(job: ScheduleJob & { readonly name: FunctionName }, installation: Installation): { readonly flags: readonly string[]; readonly wanted: Json } {
  const [uri, account] = [addressOf(job.name, installation), accountOf('invoker', installation)];
  const retries = firingRetriesOf(job).length;
  const { minBackoffMs, maxBackoffMs } = firingRetryPolicy;
  const deadline = seconds(resourcesOf(job.name).timeoutMs);
  const body = JSON.stringify({ job: job.name });
  return {
    flags: [
      `--schedule=${job.cron}`, `--time-zone=${timeZone}`, `--description=${describe(job)}`, `--uri=${uri}`, '--http-method=POST', `--message-body=${body}`,
      `--oidc-service-account-email=${account}`, `--oidc-token-audience=${uri}`, `--attempt-deadline=${deadline}`,
      `--max-retry-attempts=${retries}`, `--min-backoff=${seconds(minBackoffMs)}`, `--max-backoff=${seconds(maxBackoffMs)}`,
    ],
    wanted: {
      schedule: job.cron, timeZone, attemptDeadline: deadline,
      httpTarget: { uri, httpMethod: 'POST', body: Buffer.from(body).toString('base64'), oidcToken: { serviceAccountEmail: account, audience: uri } },
      // A service leaves out what is nothing.
      ...(retries === 0 ? {} : { retryConfig: { retryCount: retries, minBackoffDuration: seconds(minBackoffMs), maxBackoffDuration: seconds(maxBackoffMs) } }),
    },
  };
}
