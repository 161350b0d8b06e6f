import { operationOf, thereOf, type Call } from './call.ts';
import type { Resource, Resources } from './resources.ts';

const policyOf = (name: string): string => `policy of ${name}`;
const noPolicy: Resource = { etag: 'ACAB', version: 1 };

/** Once a function is there, so is the service that it runs as. */
const holderOf = (name: string): string => name.replace(/^(projects\/[^/]+\/locations\/[^/]+)\/services\//, '$1/functions/');

const withState = (state: string) => ({ name }: Call, resources: Resources): Resource => resources.put(name, { ...thereOf(name, resources), state });

/** Methods with names of their own: `POST v1/projects/p:getIamPolicy`. */
export const verbs: Readonly<Record<string, (call: Call, resources: Resources) => Resource>> = {
  getIamPolicy: ({ name }, resources) => {
    thereOf(holderOf(name), resources);
    return resources.get(policyOf(name)) ?? noPolicy;
  },
  setIamPolicy: ({ name, body }, resources) => {
    thereOf(holderOf(name), resources);
    return resources.put(policyOf(name), { ...noPolicy, ...(body['policy'] as Resource) });
  },
  batchEnable: ({ name, body }, resources) => {
    for (const service of body['serviceIds'] as readonly string[]) resources.put(`${name}/${service}`, { name: `${name}/${service}`, config: { name: service }, state: 'ENABLED' });
    return operationOf('', {}, resources);
  },
  generateServiceIdentity: (_, resources) => operationOf('', { email: 'agent@example.com' }, resources),
  pause: withState('PAUSED'),
  resume: withState('ENABLED'),
};
