import { GoogleFailure } from '@handoff/loopback-http';
import { operationOf, thereOf, type Call } from './call.ts';
import { collections, type Collection, type NamedBy } from './collections.ts';
import { changed, lastOf, patternOf, textAt, type Resource, type Resources } from './resources.ts';
import { verbs } from './verbs.ts';

/**
 * What Google's services would answer, by the table of collections.
 *
 * @throws GoogleFailure for what is not there (404), is there already (409) or is refused (400).
 */
export function answerCall(call: Call, resources: Resources): Resource {
  const { method, name, verb } = call;
  if (verb !== null) return verbOf(verb)(call, resources);
  if (/^b\/[^/]+\/iam$/.test(name)) return verbOf(method === 'GET' ? 'getIamPolicy' : 'setIamPolicy')({ ...call, name: name.replace(/\/iam$/, ''), body: { policy: call.body } }, resources);
  const whole = collections.find(({ path }) => patternOf(path).test(name));
  if (whole !== undefined && method === 'GET') return { [whole.listed]: resources.list(name).filter(filterOf(call)) };
  if (whole !== undefined && method === 'POST') return create(call, whole, resources);
  const member = collections.find(({ path }) => patternOf(`${path}/*`).test(name));
  if (member !== undefined && method === 'PUT' && member.named.from === 'address') return create(call, member, resources);
  if (member !== undefined && (method === 'PATCH' || method === 'PUT')) return change(call, member, resources);
  return thereOf(name, resources);
}

const verbOf = (verb: string): (typeof verbs)[string] => {
  const found = verbs[verb];
  if (found === undefined) throw new GoogleFailure(404, 'NOT_FOUND', `google-stub has no verb ${verb}`);
  return found;
};

/** The two filters that Firestore's list of fields takes; whatever else is filtered gcloud filters itself. */
const filterOf = ({ parameters }: Call): ((resource: Resource) => boolean) => {
  const filter = parameters.get('filter');
  if (filter === 'ttlConfig:*') return ({ ttlConfig }) => ttlConfig !== undefined;
  if (filter === 'indexConfig.usesAncestorConfig:false') return ({ indexConfig }) => (indexConfig as Resource)['usesAncestorConfig'] !== true;
  return () => true;
};

function create(call: Call, collection: Collection, resources: Resources): Resource {
  const name = newName(call, collection.named, resources);
  if (resources.get(name) !== undefined) throw new GoogleFailure(409, 'ALREADY_EXISTS', `google-stub has ${name}`);
  return kept({ name, resource: bodyOf(call, collection), collection }, resources);
}

function newName({ name, parameters, body }: Call, named: NamedBy, resources: Resources): string {
  switch (named.from) {
    case 'address': return name;
    case 'parameter': return `${name}/${parameters.get(named.field) ?? ''}`;
    case 'body': return `${name}/${lastOf(textAt(body, named.field))}`;
    case 'service': return `${name}/${resources.nextId()}`;
  }
}

function change(call: Call, collection: Collection, resources: Resources): Resource {
  const { name, parameters, body } = call;
  const old = collection.isAlwaysThere === true ? resources.get(name) ?? { name } : thereOf(name, resources);
  const mask = parameters.get('updateMask') ?? (typeof body['updateMask'] === 'string' ? body['updateMask'] : null);
  return kept({ name, resource: changed(old, bodyOf(call, collection), mask), collection }, resources);
}

const bodyOf = ({ body }: Call, { wrapped }: Collection): Resource => (wrapped === undefined ? body : ((body[wrapped] ?? body) as Resource));

function kept({ name, resource, collection }: { readonly name: string; readonly resource: Resource; readonly collection: Collection }, resources: Resources): Resource {
  const problem = collection.refused?.(resource) ?? null;
  if (problem !== null) throw new GoogleFailure(400, 'INVALID_ARGUMENT', problem);
  const shown = resources.put(name, collection.shown?.(resource, name) ?? resource);
  return collection.isSlow === true ? operationOf(name, shown, resources) : shown;
}
