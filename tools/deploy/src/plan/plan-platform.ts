import { functionNames } from '@handoff/catalogue';
import type { Installation } from '../installation.ts';
import type { Command, Look, Step } from '../step.ts';
import { gcloud, gcloudJson } from './google.ts';
import { accountIdOf, accountOf, busAgentOf, memberOf, type AccountName, type SecretPlan } from './names.ts';

/** What has to be switched on in a project before anything of ours is made in it. */
const services = [
  'artifactregistry', 'bigquery', 'cloudbuild', 'cloudfunctions', 'cloudresourcemanager', 'cloudscheduler', 'firestore', 'iam', 'logging', 'monitoring', 'pubsub', 'run', 'secretmanager', 'storage',
].map((name) => `${name}.googleapis.com`);

export const planServices = (installation: Installation): readonly Step[] => [{
  part: 'services', name: 'services',
  look: { command: gcloudJson(installation, 'services', 'list', '--enabled'), where: {} },
  wanted: services.map((name) => ({ config: { name } })),
  create: [gcloud(installation, 'services', 'enable', ...services)], update: [gcloud(installation, 'services', 'enable', ...services)],
}];

const titleOf = (name: AccountName): string => {
  if (name === 'invoker') return 'handoff: calls functions';
  return name === 'builder' ? 'handoff: builds functions' : `handoff: ${name}`;
};

/** One account for each function, one in whose name they are called, one that builds them, and Pub/Sub's own, which Google makes when it is first asked for. */
export function planAccounts(installation: Installation): readonly Step[] {
  const names: readonly AccountName[] = [...functionNames, 'invoker', 'builder'];
  const agentRole = 'roles/pubsub.serviceAgent';
  const agent: Step = {
    part: 'accounts', name: 'account of Pub/Sub',
    look: bindingLook({ role: agentRole, member: busAgentOf(installation) }, installation),
    wanted: [],
    create: [gcloud(installation, 'beta', 'services', 'identity', 'create', '--service=pubsub.googleapis.com'), bind({ role: agentRole, member: busAgentOf(installation) }, installation)], update: [],
  };
  const accounts = names.map((name): Step => ({
    part: 'accounts', name: `account ${accountIdOf(name)}`,
    look: { command: gcloudJson(installation, 'iam', 'service-accounts', 'list'), where: { email: accountOf(name, installation) } },
    wanted: [],
    create: [gcloud(installation, 'iam', 'service-accounts', 'create', accountIdOf(name), `--display-name=${titleOf(name)}`)], update: [],
  }));
  return [...accounts, agent];
}

interface Binding {
  readonly role: string;
  readonly member: string;
}

const bindingLook = ({ role, member }: Binding, installation: Installation): Look => ({ command: gcloudJson(installation, 'projects', 'get-iam-policy', installation.project, '--flatten=bindings[].members'), where: { bindings: { role, members: member } } });

const bind = ({ role, member }: Binding, installation: Installation): Command => gcloud(installation, 'projects', 'add-iam-policy-binding', installation.project, `--member=${member}`, `--role=${role}`, '--condition=None');

/** Of all functions: the state store and the bus know no narrower place than the project, which is why it is to be ours alone. */
const functionRoles = ['roles/bigquery.jobUser', 'roles/datastore.user', 'roles/pubsub.publisher'];
/** Of Pub/Sub's own account: it moves dead letters, and signs its pushes in the name of the invoker. */
const busAgentRoles = ['roles/iam.serviceAccountTokenCreator', 'roles/pubsub.publisher', 'roles/pubsub.subscriber'];

/** Who may do what in the whole project. Bindings of others are left as they are. */
export function planPermissions(installation: Installation): readonly Step[] {
  const wanted = [
    ...functionNames.flatMap((name) => functionRoles.map((role) => ({ role, member: memberOf(name, installation), title: accountIdOf(name) }))),
    { role: 'roles/cloudbuild.builds.builder', member: memberOf('builder', installation), title: accountIdOf('builder') },
    ...busAgentRoles.map((role) => ({ role, member: busAgentOf(installation), title: 'Pub/Sub' })),
  ];
  return wanted.map(({ role, member, title }): Step => ({
    part: 'permissions', name: `${role} for ${title}`,
    look: bindingLook({ role, member }, installation),
    wanted: [],
    create: [bind({ role, member }, installation)], update: [],
  }));
}

/** The bucket, which nobody reads from outside, and who may use its files. */
export function planFiles(installation: Installation): readonly Step[] {
  const url = `gs://${installation.bucket}`;
  const made = ['--uniform-bucket-level-access', '--public-access-prevention'];
  const bucket: Step = {
    part: 'files', name: `bucket ${installation.bucket}`,
    look: { command: gcloudJson(installation, 'storage', 'buckets', 'list', '--raw'), where: { name: installation.bucket } },
    wanted: [{ location: installation.region.toUpperCase(), iamConfiguration: { publicAccessPrevention: 'enforced', uniformBucketLevelAccess: { enabled: true } } }],
    create: [gcloud(installation, 'storage', 'buckets', 'create', url, `--location=${installation.region}`, ...made)],
    update: [gcloud(installation, 'storage', 'buckets', 'update', url, ...made)],
  };
  const role = 'roles/storage.objectUser';
  return [bucket, ...functionNames.map((name): Step => ({
    part: 'files', name: `${role} of ${url} for ${accountIdOf(name)}`,
    look: { command: gcloudJson(installation, 'storage', 'buckets', 'get-iam-policy', url, '--flatten=bindings[].members'), where: { bindings: { role, members: memberOf(name, installation) } } },
    wanted: [],
    create: [gcloud(installation, 'storage', 'buckets', 'add-iam-policy-binding', url, `--member=${memberOf(name, installation)}`, `--role=${role}`)], update: [],
  }))];
}

/** Secrets by name, who is given them, and that each has a value: which nothing of ours ever knows. */
export function planSecrets(installation: Installation, secrets: readonly SecretPlan[]): readonly Step[] {
  const role = 'roles/secretmanager.secretAccessor';
  return secrets.flatMap(({ name, variable, readers }): readonly Step[] => {
    return [
      {
        part: 'secrets', name: `secret ${name}`,
        look: { command: gcloudJson(installation, 'secrets', 'list'), where: { name: `projects/${installation.projectNumber}/secrets/${name}` } },
        wanted: [],
        create: [gcloud(installation, 'secrets', 'create', name, '--replication-policy=automatic')], update: [],
      },
      ...readers.map((reader): Step => ({
        part: 'secrets', name: `secret ${name} for ${accountIdOf(reader)}`,
        look: { command: gcloudJson(installation, 'secrets', 'get-iam-policy', name, '--flatten=bindings[].members'), where: { bindings: { role, members: memberOf(reader, installation) } } },
        wanted: [],
        create: [gcloud(installation, 'secrets', 'add-iam-policy-binding', name, `--member=${memberOf(reader, installation)}`, `--role=${role}`)], update: [],
      })),
      {
        part: 'secrets', name: `value of secret ${name}`,
        look: { command: gcloudJson(installation, 'secrets', 'versions', 'list', name, '--filter=state=ENABLED'), where: {} },
        wanted: [],
        create: [], update: [],
        byHand: `Give it what ${variable} is to be: gcloud secrets versions add ${name} --data-file=- --project=${installation.project}`,
      },
    ];
  });
}
