import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GoogleFailure } from '@handoff/loopback-http';
import { skipWithout } from '@handoff/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleInstallation as installation } from './example-installation.ts';
import { cloudEnvironment } from './google-stub/cloud-environment.ts';
import { isInstalled } from './google-stub/is-installed.ts';
import { fewOfEach } from './google-stub/few-of-each.ts';
import { lastOf, textAt, type Resource } from './google-stub/resources.ts';
import { failureAnswer, startGoogleStub, type GoogleStub, type Recorded } from './google-stub/start-google-stub.ts';
import { zipNames } from './google-stub/zip-names.ts';
import { apply, environmentOf, look, planDeployment, planProvisioning, runProgram, type Applied, type Cloud, type Part, type Step } from './index.ts';

/** gcloud takes 0.6 to 2 s a call, and three times as long on a machine that is busy. */
const callMs = 6_000;
const hasGcloud = isInstalled('gcloud');
const deployed = 'phase2-raw';
const files: Readonly<Record<string, string>> = {
  'index.mjs': 'export const nothing = 1;\n', 'index.mjs.map': '{}\n', 'package.json': '{"name":"bundle","version":"1.0.0"}\n', 'package-lock.json': '{"lockfileVersion":3}\n', '.gcloudignore': 'node_modules\n',
};

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-gcloud-')); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
beforeEach((context) => { if (!hasGcloud) skipWithout('gcloud', 'gcloud is not on PATH', context); });

const cloudOf = ({ url }: GoogleStub): Cloud => ({ execute: (command) => runProgram(command, cloudEnvironment(url, folder)), project: installation.project, projectNumber: installation.projectNumber });
const provisioning = fewOfEach(planProvisioning(installation, new Set(['phase1-scrape'])));
const stepsOf = (...wanted: readonly Part[]): readonly Step[] => provisioning.filter(({ part }) => wanted.includes(part));
const outcomesOf = (applied: readonly Applied[]): Readonly<Record<string, string>> => Object.fromEntries(applied.map(({ step, outcome, problem }) => [step.name, problem === undefined ? outcome : `${outcome}: ${problem}`]));
const isWrite = ({ method, path }: Recorded): boolean => method !== 'GET' && !path.endsWith(':getIamPolicy');

/** A bundle of nothing, with what npm leaves beside it, which is not to be sent. */
function bundleIn(place: string): string {
  mkdirSync(join(place, 'bundle', 'node_modules', 'left'), { recursive: true });
  for (const [name, text] of Object.entries({ ...files, 'node_modules/left/index.js': '\n' })) writeFileSync(join(place, 'bundle', name), text);
  return join(place, 'bundle');
}

describe('an installation, made by gcloud', { timeout: 100 * callMs }, () => {
  let stub: GoogleStub;
  let steps: readonly Step[];
  let first: readonly Applied[];

  beforeAll(async () => {
    if (!hasGcloud) return;
    stub = await startGoogleStub(installation.project);
    steps = [...provisioning, ...planDeployment({ name: deployed, asksSources: true }, { folder: bundleIn(folder), digest: 'ab'.repeat(32), commit: 'c0ffee-changed' }, installation)];
    first = await run(steps);
    // What only people know.
    for (const secret of stub.resources.list(`projects/${installation.project}/secrets`)) {
      const name = `projects/${installation.project}/secrets/${lastOf(textAt(secret, 'name'))}/versions/1`;
      stub.resources.put(name, { name, state: 'ENABLED' });
    }
  }, 150 * callMs);
  afterAll(async () => { if (hasGcloud) await stub.close(); });

  const run = async (some: readonly Step[]): Promise<readonly Applied[]> => apply((await look(some, cloudOf(stub))).findings, cloudOf(stub));
  const named = (name: string): Step => steps.find((step) => step.name.startsWith(name))!;
  const pathOf = (name: string): string => (named(name).look.where as { readonly name: string }).name;
  const edit = (path: string, change: (resource: Resource) => Resource): void => { stub.resources.put(path, change(stub.resources.get(path)!)); };

  it('is there after the first run, and looks as it was wanted', () => {
    const expectedOf = ({ byHand, isMadeElsewhere, isUnwanted }: Step): Applied['outcome'] => {
      if (isMadeElsewhere === true || isUnwanted === true) return 'unchanged';
      return byHand === undefined ? 'created' : 'for-people';
    };
    const expected = steps.map((step) => [step.name, expectedOf(step)]);
    expect(outcomesOf(first)).toEqual(Object.fromEntries(expected));
    expect(new Set(first.map(({ step }) => step.part)).size).toBe(12);
  });

  it('is deployed with its runtime, account, secrets, memory and time, and without other files than the bundle\'s', () => {
    const { body } = stub.recorded.find(({ method, path }) => method === 'POST' && path.endsWith('/functions'))!;
    expect(body).toMatchObject({
      buildConfig: { runtime: 'nodejs24', entryPoint: deployed },
      labels: { 'handoff-bundle': 'ab'.repeat(20), 'handoff-commit': 'c0ffee-changed' },
      serviceConfig: { serviceAccountEmail: `fn-${deployed}@${installation.project}.iam.gserviceaccount.com`, availableMemory: '1024Mi', timeoutSeconds: 540, maxInstanceCount: 10, maxInstanceRequestConcurrency: 1 },
    });
    const { environmentVariables, secretEnvironmentVariables } = body['serviceConfig'] as { environmentVariables: Resource; secretEnvironmentVariables: readonly { key: string; secret: string; version: string }[] };
    expect(environmentVariables).toEqual(environmentOf(installation));
    expect(secretEnvironmentVariables.map(({ key, secret, version }) => `${key}=${secret}:${version}`)).toEqual(expect.arrayContaining(['SLACK_WEBHOOK_URL=slack-webhook-url:latest', 'ODDS_API_KEY=odds-api-key:latest']));
    expect(body).not.toHaveProperty('eventTrigger');
    expect([...stub.uploads.values()].map(zipNames)).toEqual([Object.keys(files).sort()]);
  });

  const invokers = [{ role: 'roles/run.invoker', members: [`serviceAccount:fn-invoker@${installation.project}.iam.gserviceaccount.com`] }];
  const policiesSince = (from: number): readonly unknown[] => stub.recorded.slice(from).filter(({ path }) => path.endsWith(`/services/${deployed}:setIamPolicy`)).map(({ body }) => (body['policy'] as Resource)['bindings']);

  it('is called by the invoker alone', () => {
    expect(policiesSince(0)).toEqual([invokers]);
  });

  it('is not changed by a second run, which writes nothing', async () => {
    const before = stub.recorded.length;
    expect([...new Set(Object.values(outcomesOf(await run(steps))))]).toEqual(['unchanged']);
    expect(stub.recorded.slice(before).filter(isWrite)).toEqual([]);
  });

  it('is brought back where somebody has changed it: five things, and nothing else is written; a job that was paused is left to people', async () => {
    const [subscription, job, paused, alert, changed] = [named('subscription scrape-requests').name, 'job master-controller', 'job expectation-planner', named('alert').name, `function ${deployed}`];
    edit(pathOf(subscription), (one) => ({ ...one, ackDeadlineSeconds: 10 }));
    edit(pathOf(job), (one) => ({ ...one, schedule: '0 0 * * *' }));
    edit(pathOf(paused), (one) => ({ ...one, state: 'PAUSED' }));
    const policy = textAt(stub.resources.list(`projects/${installation.project}/alertPolicies`)[0]!, 'name');
    edit(policy, (one) => ({ ...one, conditions: (one['conditions'] as unknown as Resource[]).map((condition) => ({ ...condition, conditionAbsent: { ...(condition['conditionAbsent'] as Resource), duration: '86400s' } })) }));
    edit(pathOf(changed), (one) => ({ ...one, serviceConfig: { ...(one['serviceConfig'] as Resource), environmentVariables: { ...environmentOf(installation), STORAGE_BUCKET: 'another' } } }));
    stub.resources.put(`policy of projects/${installation.project}/locations/${installation.region}/services/${deployed}`, { etag: 'ACAB', version: 1, bindings: [...invokers, { role: 'roles/run.invoker', members: ['allUsers'] }] });
    const servicePath = pathOf(changed).replace('/functions/', '/services/');
    const before = stub.recorded.length;
    const outcomes = outcomesOf(await run(steps.filter(({ part }) => ['subscriptions', 'jobs', 'monitoring', 'functions'].includes(part))));
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'unchanged').sort()).toEqual([...[subscription, job, alert, changed, `${deployed} is closed to allUsers`].map((name) => [name, 'updated']), [`${paused} fires`, 'for-people']].sort());
    expect(stub.recorded.slice(before).filter(isWrite).map(({ method, path }) => `${method} ${path.replace(/^\/v\d\//, '')}`)).toEqual([
      `PATCH ${pathOf(subscription)}`, `PATCH ${pathOf(job)}`, `PATCH ${policy}`, `POST ${servicePath}:setIamPolicy`, `POST ${pathOf(changed).replace(/\/[^/]+$/, ':generateUploadUrl')}`, `PATCH ${pathOf(changed)}`,
      // To be sure that it is not open to all: gcloud writes the policy as it was.
      `POST ${servicePath}:setIamPolicy`,
    ]);
    expect(policiesSince(before)).toEqual([invokers, invokers]);
  });
});

describe('a refusal of Google\'s', { timeout: 20 * callMs }, () => {
  let stub: GoogleStub;
  beforeEach(async () => { stub = await startGoogleStub(installation.project); });
  afterEach(async () => { await stub.close(); });
  const refuse = (method: string, path: RegExp, [status, reason]: readonly [number, string], times = 20): void => {
    stub.faults.add({ method, path, times, answer: failureAnswer(new GoogleFailure(status, reason, refusal)) });
  };
  // Services say so of what they do not show.
  const refusal = 'refused by the test, or it does not exist';
  const topics = stepsOf('topics').slice(0, 3);
  const [, second] = topics.map(({ name }) => name.replace('topic ', ''));

  it.each([[403, 'PERMISSION_DENIED'], [409, 'ALREADY_EXISTS']] as const)('%i to a command stops there, names the command, and leaves what comes after', async (...failure) => {
    const { findings } = await look(topics, cloudOf(stub));
    refuse('PUT', new RegExp(`/topics/${second!}$`), failure);
    const applied = await apply(findings, cloudOf(stub));
    expect(applied.map(({ outcome }) => outcome)).toEqual(['created', 'failed', 'remaining']);
    expect(applied[1]!.problem).toContain(`gcloud pubsub topics create ${second!}`);
    expect(applied[1]!.problem).toContain(refusal);
    expect(stub.resources.list(`projects/${installation.project}/topics`)).toHaveLength(1);
  });

  it.each([
    ['topics', /\/topics$/, 'topics'],
    ['a file store\'s policy', /\/iam$/, 'files'],
    ['a secret\'s policy', /:getIamPolicy$/, 'secrets'],
    ['jobs', /\/locations\/us-central1\/jobs$/, 'jobs'],
  ] as const)('403 to a look at %s is an error, and not taken for absent', async (_, path, part) => {
    refuse('GET', path, [403, 'PERMISSION_DENIED']);
    await expect(look(stepsOf(part), cloudOf(stub))).rejects.toMatchObject({ code: 'cloud-command-failed', message: expect.stringContaining(refusal) as string });
  });

  it('for a service that is not switched on yet is taken for absent: provisioning is what switches it on', async () => {
    stub.faults.add({ method: 'GET', path: /\/topics$/, times: 20, answer: { status: 403, json: { error: {
      code: 403, status: 'PERMISSION_DENIED', message: 'Cloud Pub/Sub API has not been used in project 123456789012 before or it is disabled. Enable it and try again.',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', domain: 'googleapis.com', metadata: { service: 'pubsub.googleapis.com', consumer: 'projects/123456789012' } }],
    } } } });
    expect((await look(topics, cloudOf(stub))).findings.map(({ state }) => state)).toEqual(['absent', 'absent', 'absent']);
  });

  it('503 is tried again by gcloud itself', async () => {
    const { findings } = await look(topics.slice(0, 1), cloudOf(stub));
    refuse('PUT', /\/topics\//, [503, 'UNAVAILABLE'], 1);
    expect((await apply(findings, cloudOf(stub))).map(({ outcome }) => outcome)).toEqual(['created']);
  });
});
