import { GoogleFailure, type Asked } from '@handoff/loopback-http';
import type { Resource, Resources } from './resources.ts';

/** A request in the words of Google's interfaces: a method on a full name, with or without a verb of its own. */
export interface Call {
  readonly method: string;
  readonly name: string;
  readonly verb: string | null;
  readonly parameters: URLSearchParams;
  readonly body: Resource;
}

const versioned = /^\/(?:storage\/)?v\d(?:beta\d)?\/(.*?)(?::([a-zA-Z]+))?$/;

/** @throws GoogleFailure (404) for an address that no interface has. */
export function callOf({ method, path, query, body }: Asked): Call {
  const [, name, verb] = versioned.exec(decodeURIComponent(path)) ?? [];
  if (name === undefined) throw new GoogleFailure(404, 'NOT_FOUND', `google-stub has no address ${method} ${path}`);
  return { method, name, verb: verb ?? null, parameters: query, body: body.length === 0 ? {} : JSON.parse(body.toString('utf8')) as Resource };
}

/** @throws GoogleFailure (404) where it is not. */
export function thereOf(name: string, resources: Resources): Resource {
  const found = resources.get(name);
  if (found === undefined) throw new GoogleFailure(404, 'NOT_FOUND', `google-stub has no ${name}`);
  return found;
}

/** Done as soon as it is asked for, beside the place or database that it is about. */
export function operationOf(name: string, response: Resource, resources: Resources): Resource {
  const place = /^projects\/[^/]+\/(?:locations|databases)\/[^/]+/.exec(name)?.[0];
  const operation = `${place === undefined ? '' : `${place}/`}operations/${resources.nextId()}`;
  // gcloud reads the stages of a deployment out of what describes the operation.
  const metadata = { '@type': 'type.googleapis.com/google.cloud.functions.v2.OperationMetadata', stages: [] };
  return resources.put(operation, { name: operation, done: true, metadata, response });
}
