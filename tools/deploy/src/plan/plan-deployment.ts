import { resourcesOf, triggersOf, type FunctionName } from '@handoff/catalogue';
import type { Installation } from '../installation.ts';
import type { Json } from '../matches.ts';
import type { Step } from '../step.ts';
import { gcloud, gcloudJson } from './google.ts';
import { accountOf, memberOf, secretsOf } from './names.ts';

/** What is deployed: where it lies, what it is, and of which commit. */
export interface Bundle {
  /** Absolute: the command is run from anywhere. */
  readonly folder: string;
  /** Over all of its files: a function whose digest is this is not deployed again. Lower-case hexadecimal. */
  readonly digest: string;
  /** Of the workspace that it was made from; with a `-changed` where files of it were not committed. */
  readonly commit: string;
}

/** Node's version in the cloud: the newest that Google runs and the tests run on. */
const runtime = 'nodejs24';

/** A function as it is deployed. */
export interface Deployed {
  readonly name: FunctionName;
  /** Whether it is given the keys of sources. */
  readonly asksSources: boolean;
}

/** What a function is told by its environment, but for secrets: the same names as the profile of the cloud validates at start. */
export const environmentOf = (installation: Installation): Readonly<Record<string, string>> => ({
  SPORT: installation.sport,
  GOOGLE_CLOUD_PROJECT: installation.project,
  BIGQUERY_LOCATION: installation.bigQueryLocation,
  STORAGE_BUCKET: installation.bucket,
  LOG_LEVEL: installation.logLevel,
  RUNBOOK_BASE_URL: installation.runbookBaseUrl,
  EMAIL_ALERTS_FROM: installation.emailAlertsFrom,
  EMAIL_ALERTS_TO: installation.emailAlertsTo,
  HANDOFF_ENVIRONMENT: installation.environment,
  ...(installation.pagerDutyUrl === undefined ? {} : { PAGERDUTY_URL: installation.pagerDutyUrl }),
});

/** The secrets that a function is given. */
export const secretsFor = ({ name, asksSources }: Deployed): readonly { readonly variable: string; readonly name: string }[] =>
  secretsOf(new Set(asksSources ? [name] : [])).filter(({ readers }) => readers.includes(name));

/** A function of the second generation that answers HTTP, and who may call it. Messages reach it by subscriptions of our own, which a deployment does not touch. */
export function planDeployment(definition: Deployed, bundle: Bundle, installation: Installation): readonly Step[] {
  const { name } = definition;
  const place = `--region=${installation.region}`;
  const { flags, wanted } = settingsOf(definition, bundle, installation);
  const deploy = gcloud(installation, 'functions', 'deploy', name, '--gen2', place, ...flags);
  const { subscriptions, isScheduled } = triggersOf(name);
  const isCalled = isScheduled || subscriptions.length > 0;
  const role = 'roles/run.invoker';
  const callers = gcloudJson(installation, 'run', 'services', 'get-iam-policy', name, place, '--flatten=bindings[].members');
  return [
    // First, since a deployment closes it too, and what is closed already cannot be closed again.
    ...everybody.map((member): Step => ({
      part: 'functions', name: `${name} is closed to ${member}`,
      look: { command: callers, where: { bindings: { members: member } } },
      wanted: [], isUnwanted: true,
      create: [], update: [gcloud(installation, 'run', 'services', 'remove-iam-policy-binding', name, place, `--member=${member}`, `--role=${role}`)],
    })),
    {
      part: 'functions', name: `function ${name}`,
      look: { command: gcloudJson(installation, 'functions', 'list', '--v2', `--regions=${installation.region}`), where: { name: pathOf(name, installation) } },
      wanted: [wanted],
      create: [deploy], update: [deploy],
    },
    ...(isCalled ? [{
      part: 'functions', name: `${role} of ${name} for the invoker`,
      look: { command: callers, where: { bindings: { role, members: memberOf('invoker', installation) } } },
      wanted: [],
      create: [gcloud(installation, 'functions', 'add-invoker-policy-binding', name, place, `--member=${memberOf('invoker', installation)}`)], update: [],
    } satisfies Step] : []),
  ];
}

/** Who a function is open to when it asks for no token, or for anybody's. */
const everybody = ['allUsers', 'allAuthenticatedUsers'];

const pathOf = (name: FunctionName, { project, region }: Installation): string => `projects/${project}/locations/${region}/functions/${name}`;

function settingsOf(definition: Deployed, { folder, digest, commit }: Bundle, installation: Installation): { readonly flags: readonly string[]; readonly wanted: Json } {
  const { name } = definition;
  const { memoryMi, timeoutMs, concurrency, instancesMax } = resourcesOf(name);
  const environment = environmentOf(installation);
  const secrets = secretsFor(definition);
  const account = accountOf(name, installation);
  const builder = `projects/${installation.project}/serviceAccounts/${accountOf('builder', installation)}`;
  const label = digest.slice(0, 40);
  return {
    flags: [
      `--runtime=${runtime}`, `--source=${folder}`, `--entry-point=${name}`, '--trigger-http', '--no-allow-unauthenticated', `--service-account=${account}`, `--build-service-account=${builder}`,
      // Without it a revision that people have put the traffic on keeps it, and what is deployed serves nobody.
      '--serve-all-traffic-latest-revision',
      `--memory=${memoryMi}Mi`, `--timeout=${timeoutMs / 1_000}s`, `--concurrency=${concurrency}`, `--max-instances=${instancesMax}`,
      // Values may hold commas: another separator is said first.
      `--set-env-vars=^|^${Object.entries(environment).map(([variable, value]) => `${variable}=${value}`).join('|')}`,
      `--set-secrets=${secrets.map((secret) => `${secret.variable}=${secret.name}:latest`).join(',')}`,
      `--update-labels=handoff-bundle=${label},handoff-commit=${commit}`,
    ],
    wanted: {
      state: 'ACTIVE',
      labels: { 'handoff-bundle': label },
      buildConfig: { runtime, entryPoint: name, serviceAccount: builder },
      serviceConfig: {
        serviceAccountEmail: account, availableMemory: `${memoryMi}Mi`, timeoutSeconds: timeoutMs / 1_000, maxInstanceCount: instancesMax, maxInstanceRequestConcurrency: concurrency, allTrafficOnLatestRevision: true,
        environmentVariables: environment,
        secretEnvironmentVariables: secrets.map((secret) => ({ key: secret.variable, secret: secret.name })),
      },
    },
  };
}
