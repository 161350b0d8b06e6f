import { exampleInstallation } from '../example-installation.ts';
import type { Json } from '../matches.ts';
import { lastOf, textAt, type Resource } from './resources.ts';

/** Where the name of what is made comes from: the address itself, a parameter of it, a field of the body, or the service. */
export type NamedBy = { readonly from: 'address' | 'service' } | { readonly from: 'parameter' | 'body'; readonly field: string };

/** A collection of one of Google's services, as far as gcloud can tell it from another. */
export interface Collection {
  /** `*` is one part of a name. */
  readonly path: string;
  /** The field of a list's answer. */
  readonly listed: string;
  readonly named: NamedBy;
  /** The field of a body that holds the resource; absent: the body is the resource. */
  readonly wrapped?: string;
  /** What the service adds to what it was sent, or writes in its own way. */
  readonly shown?: (resource: Resource, name: string) => Resource;
  /** A change is answered by an operation, which is done at once. */
  readonly isSlow?: true;
  /** A change of what is not there makes it. */
  readonly isAlwaysThere?: true;
  /** What is refused of a body, and why: what the service knows and gcloud does not. */
  readonly refused?: (resource: Resource) => string | null;
}

export const { projectNumber } = exampleInstallation;

const objectAt = (resource: Resource, field: string): Resource => (resource[field] ?? {}) as Resource;
const listAt = (resource: Resource, field: string): readonly Resource[] => (resource[field] ?? []) as unknown as readonly Resource[];

/** Values that are their type's default are not written by the services. */
const withoutZeros = (resource: Resource): Resource => Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== 0 && value !== '' && value !== false));

const addressOf = (resource: Resource, name: string): Json => {
  const [, project = '', , region = ''] = name.split('/');
  return { ...objectAt(resource, 'serviceConfig'), service: name.replace('/functions/', '/services/'), uri: `https://${region}-${project}.run.app` };
};

/** Every collection that the plans touch. What they do not touch is not here, and asking for it is an error. */
export const collections: readonly Collection[] = [
  { path: 'projects/*/services', listed: 'services', named: { from: 'service' } },
  {
    path: 'projects/*/serviceAccounts', listed: 'accounts', named: { from: 'body', field: 'accountId' }, wrapped: 'serviceAccount',
    shown: (account, name) => {
      const [, project = '', , id = ''] = name.split('/');
      const email = `${id}@${project}.iam.gserviceaccount.com`;
      return { ...account, name: `projects/${project}/serviceAccounts/${email}`, email, projectId: project, uniqueId: '1' };
    },
  },
  { path: 'b', listed: 'items', named: { from: 'body', field: 'name' }, shown: (bucket) => ({ ...bucket, kind: 'storage#bucket', location: textAt(bucket, 'location').toUpperCase(), storageClass: 'STANDARD' }) },
  // Secrets are shown under the project's number, whichever way they were asked for.
  { path: 'projects/*/secrets', listed: 'secrets', named: { from: 'parameter', field: 'secretId' }, shown: (secret, name) => ({ ...secret, name: `projects/${projectNumber}/secrets/${lastOf(name)}`, etag: 'BwX1' }) },
  { path: 'projects/*/secrets/*/versions', listed: 'versions', named: { from: 'service' } },
  { path: 'projects/*/databases', listed: 'databases', named: { from: 'parameter', field: 'databaseId' }, shown: (database, name) => ({ ...database, name, etag: 'BwX1', concurrencyMode: 'PESSIMISTIC' }), isSlow: true },
  {
    path: 'projects/*/databases/*/collectionGroups/*/fields', listed: 'fields', named: { from: 'address' }, isSlow: true, isAlwaysThere: true,
    shown: ({ ttlConfig, ...field }, name) => ({ indexConfig: { usesAncestorConfig: true }, ...field, name, ...(ttlConfig === undefined ? {} : { ttlConfig: { state: 'CREATING' } }) }),
  },
  { path: 'projects/*/topics', listed: 'topics', named: { from: 'address' } },
  {
    path: 'projects/*/subscriptions', listed: 'subscriptions', named: { from: 'address' }, wrapped: 'subscription',
    shown: (subscription) => ({ ...subscription, state: 'ACTIVE' }),
    refused: (subscription) => (/^$|^[^.:]+\.[^.:]+\.[^.:]+$/.test(textAt(objectAt(subscription, 'bigqueryConfig'), 'table')) ? null : 'Invalid BigQuery table name: it should be projectId.datasetId.tableId.'),
  },
  {
    path: 'projects/*/locations/*/jobs', listed: 'jobs', named: { from: 'body', field: 'name' },
    shown: (job) => ({ ...job, retryConfig: { ...withoutZeros(objectAt(job, 'retryConfig')), maxRetryDuration: '0s' }, state: job['state'] ?? 'ENABLED', userUpdateTime: '2026-01-01T00:00:00Z' }),
  },
  { path: 'projects/*/metrics', listed: 'metrics', named: { from: 'body', field: 'name' }, shown: (metric, name) => ({ ...metric, metricDescriptor: { ...objectAt(metric, 'metricDescriptor'), type: `logging.googleapis.com/user/${lastOf(name)}` }, resourceName: name }) },
  {
    path: 'projects/*/alertPolicies', listed: 'alertPolicies', named: { from: 'service' },
    shown: (policy, name) => ({ ...policy, name, enabled: true, conditions: listAt(policy, 'conditions').map((condition, index) => ({ ...condition, name: `${name}/conditions/${index}` })) }),
  },
  {
    path: 'projects/*/locations/*/functions', listed: 'functions', named: { from: 'parameter', field: 'functionId' }, isSlow: true,
    shown: (definition, name) => ({ ...definition, name, environment: 'GEN_2', state: 'ACTIVE', serviceConfig: addressOf(definition, name) }),
  },
  { path: 'projects/*/locations/*/services', listed: 'services', named: { from: 'service' } },
];
