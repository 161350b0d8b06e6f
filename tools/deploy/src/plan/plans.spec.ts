import {
  absenceRules, deadLetterSubscriptions, deliveryDeadline, expiringCollections, functionNames, jobs, resourcesOf, stateIndexes, subscriptions, tables, tableSubscriptions, topics, triggersOf, views, type FunctionName,
} from '@handoff/catalogue';
import { CloudEnvironment } from '@handoff/composition/cloud-profile';
import { describe, expect, it } from 'vitest';
import { exampleInstallation as installation } from '../example-installation.ts';
import { linesOf, parts, type Step } from '../step.ts';
import { accountIdOf, secretsOf } from './names.ts';
import { environmentOf, planDeployment, secretsFor, type Deployed } from './plan-deployment.ts';
import { planProvisioning } from './plan-provisioning.ts';

const asking: ReadonlySet<FunctionName> = new Set<FunctionName>(['phase1-scrape']);
const steps = planProvisioning(installation, asking);
const deployed = (name: FunctionName): Deployed => ({ name, asksSources: asking.has(name) });
const bundle = { folder: 'dist/cloud/phase1-scrape', digest: 'abc', commit: '1a2b3c4' };
const functions = functionNames.flatMap((name) => planDeployment(deployed(name), bundle, installation));
const stepNamed = (name: string): Step => {
  const step = [...steps, ...functions].find((one) => one.name === name);
  if (step === undefined) throw new RangeError(`there is no step ${name}`);
  return step;
};
const scriptOf = (name: string): readonly string[] => stepNamed(name).create.flatMap(linesOf);

describe('what is provisioned', () => {
  it.each<readonly [what: string, names: readonly string[]]>([
    ['topic', topics.map((name) => `topic ${name}`)],
    ['topic of dead letters', [...subscriptions, ...tableSubscriptions].map(({ name }) => `topic dead-letters.${name}`)],
    ['subscription', [...subscriptions, ...tableSubscriptions, ...deadLetterSubscriptions].map(({ name }) => `subscription ${name}`)],
    ['job', jobs.flatMap(({ name }) => [`job ${name}`, `job ${name} fires`])],
    ['table', tables.map(({ name }) => `table ${name}`)],
    ['view', views.map(({ name }) => `view ${name}`)],
    ['expiring collection', expiringCollections.flatMap(({ collection }) => [`expiry of ${collection}`, `no index of the expiry of ${collection}`])],
    ['index', stateIndexes.map(({ collection, fields }) => `index of ${collection} by ${fields.map(({ field }) => field).join(', ')}`)],
    ['account', functionNames.map((name) => `account ${accountIdOf(name)}`)],
    ['alert of Cloud Monitoring', absenceRules.flatMap(({ metric, cause }) => [`metric ${metric}`, `alert ${cause}`])],
  ])('is every %s of the catalogue', (_, names) => {
    const planned = new Set(steps.map(({ name }) => name));
    expect(names.filter((name) => !planned.has(name))).toEqual([]);
  });

  it('has one name for each step, and each part after those that it needs', () => {
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
    const order = steps.map(({ part }) => parts.indexOf(part));
    expect(order).toEqual(order.toSorted((left, right) => left - right));
  });

  it('can be made by itself, but for the values of secrets, which nobody else may know', () => {
    const byPeople = steps.filter(({ create, isMadeElsewhere }) => create.length === 0 && isMadeElsewhere !== true);
    expect(byPeople.map(({ name, byHand }) => [name, byHand !== undefined])).toEqual(secretsOf(asking).map(({ name }) => [`value of secret ${name}`, true]));
  });

  it('names the project in every command, and asks nothing back', () => {
    const lines = [...steps, ...functions].flatMap(({ look, create, update }) => [look.command, ...create, ...update]);
    expect(lines.filter(({ argv }) => !argv.some((word) => word.includes(installation.project)))).toEqual([]);
    expect(lines.filter(({ argv }) => argv[0] === 'gcloud' && !argv.includes('--quiet'))).toEqual([]);
  });
});

it.each(jobs)('the job $name waits for as long as its function may run', ({ name }) => {
  expect(stepNamed(`job ${name}`).wanted).toMatchObject([{ attemptDeadline: `${resourcesOf(name).timeoutMs / 1_000}s` }]);
});

describe('an account', () => {
  it.each([...functionNames, 'invoker' as const, 'builder' as const])('of %s has a name that Google takes: 6 to 30 characters', (name) => {
    expect(accountIdOf(name)).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });

  it('is given the keys of sources only where its function asks them, and the channels always', () => {
    const readersOf = (secret: string) => secretsOf(asking).find(({ name }) => name === secret)?.readers;
    expect(readersOf('odds-api-key')).toEqual(['phase1-scrape']);
    expect(readersOf('slack-webhook-url')).toEqual(functionNames);
  });
});

describe('a function', () => {
  it.each(functionNames)('%s is told everything that the profile of the cloud asks for at start', (name) => {
    const told = { ...environmentOf(installation), ...Object.fromEntries(secretsFor(deployed(name)).map(({ variable }) => [variable, 'https://example.com'])), SMTP_URL: 'smtps://example.com', K_REVISION: 'set by the platform' };
    expect(CloudEnvironment.safeParse(told).error?.issues).toBeUndefined();
  });

  it.each(functionNames)('%s is cut off before the delivery that it works on comes again', (name) => {
    expect(resourcesOf(name).timeoutMs).toBeLessThan(deliveryDeadline);
    expect(resourcesOf(name).concurrency).toBe(1);
  });

  it.each(functionNames)('%s may be called by who calls it, and by nobody else', (name) => {
    const { subscriptions: taken, isScheduled } = triggersOf(name);
    const steps = planDeployment(deployed(name), bundle, installation).map((step) => step.name);
    expect(steps.includes(`roles/run.invoker of ${name} for the invoker`)).toBe(taken.length > 0 || isScheduled);
    expect(steps).toEqual(expect.arrayContaining([`${name} is closed to allUsers`, `${name} is closed to allAuthenticatedUsers`]));
    expect(scriptOf(`function ${name}`).join(' ')).toContain('--no-allow-unauthenticated');
  });

  it('is not deployed again for a commit that leaves its bundle as it was', () => {
    const of = (commit: string) => planDeployment(deployed('phase2-raw'), { ...bundle, commit }, installation).map((step) => step.wanted);
    expect(of('another')).toEqual(of('1a2b3c4'));
    expect(planDeployment(deployed('phase2-raw'), { ...bundle, digest: 'other' }, installation).map((step) => step.wanted)).not.toEqual(of('1a2b3c4'));
  });
});

describe('the exact commands', () => {
  it.each([
    'services', 'account fn-phase1-scrape', 'bucket handoff-example-files', 'roles/storage.objectUser of gs://handoff-example-files for fn-phase1-scrape', 'roles/datastore.user for fn-phase1-scrape', 'roles/iam.serviceAccountTokenCreator for Pub/Sub',
    'secret odds-api-key', 'secret odds-api-key for fn-phase1-scrape', 'account of Pub/Sub', 'roles/cloudbuild.builds.builder for fn-builder', 'dataset nba_raw', 'table nba_orchestration.game_availability_log', 'database (default)', 'expiry of scrapes', 'no index of the expiry of scrapes',
    'topic phase3-trigger', 'subscription phase3-trigger--phase3-analytics', 'subscription dead-letters.phase3-trigger--phase3-analytics', 'subscription pipeline-events--pipeline_event_log',
    'job outbox-sweeper', 'job self-heal', 'metric watchdog-rounds', 'alert watchdog-silent', 'function phase1-scrape', 'roles/run.invoker of phase1-scrape for the invoker', 'phase1-scrape is closed to allUsers', 'view nba_raw.v_game_id_mappings', 'job watchdog fires',
  ])('that make %s', (name) => {
    const { look, wanted, create, update } = stepNamed(name);
    expect({ look: linesOf(look.command), where: look.where, wanted, create: create.map(linesOf), update: update.map(linesOf) }).toMatchSnapshot();
  });
});
