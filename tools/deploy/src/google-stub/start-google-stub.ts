import { GoogleFailure, serveLoopback, type Answer, type Asked, type Faults } from '@handoff/loopback-http';
import { answerCall } from './answer-request.ts';
import { callOf } from './call.ts';
import { projectNumber } from './collections.ts';
import { Resources, type Resource } from './resources.ts';

/** A request that has come in and was answered. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  /** Parsed where it is JSON. */
  readonly body: Resource;
}

export interface GoogleStub {
  readonly url: string;
  readonly faults: Faults;
  /** Every request so far that no fault has met, in order. */
  readonly recorded: readonly Recorded[];
  /** What was uploaded, by the path that it went to. */
  readonly uploads: ReadonlyMap<string, Buffer>;
  readonly resources: Resources;
  readonly close: () => Promise<void>;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const uploaded = /^\/uploads\//;

/**
 * Starts a stand-in for those of Google's REST interfaces that provisioning and deployment call, on loopback. It holds
 * what it was sent, and shows it as the services do where that is known: the project by its number in secrets, defaults
 * left out, names given. Its answers are our reading of Google's documents, 2026, not recordings.
 */
export async function startGoogleStub(project: string): Promise<GoogleStub> {
  const [resources, recorded, uploads] = [new Resources(), [] as Recorded[], new Map<string, Buffer>()];
  seed(resources, project);
  const answer = (asked: Asked): Promise<Answer> => {
    if (uploaded.test(asked.path)) {
      uploads.set(asked.path, asked.body);
      return Promise.resolve({ status: 200, json: {} });
    }
    const call = callOf(asked);
    recorded.push({ method: asked.method, path: decodeURIComponent(asked.path), body: call.body });
    if (call.verb === 'generateUploadUrl') return Promise.resolve({ status: 200, json: { uploadUrl: `http://${asked.headers['host'] ?? ''}/uploads/${resources.nextId()}`, storageSource: { bucket: 'uploads', object: 'bundle.zip' } } });
    return Promise.resolve({ status: 200, json: answerCall(call, resources) });
  };
  const server = await serveLoopback({
    routes: methods.map((method) => ({ method, pattern: /^/, names: [], answer: async (asked) => answer(asked) })),
    prefixes: [], answerFor: failureAnswer, unknown: (method, path) => failureAnswer(new GoogleFailure(404, 'NOT_FOUND', `google-stub does not know ${method} ${path}`)),
  });
  return { url: server.url, faults: server.faults, recorded, uploads, resources, close: server.close };
}

/** An error as Google's services answer it. */
export function failureAnswer(error: unknown): Answer {
  const { status, reason, message } = error instanceof GoogleFailure ? error : new GoogleFailure(500, 'INTERNAL', String(error));
  return { status, json: { error: { code: status, message, status: reason } } };
}

/** What is there before anything of ours is. */
function seed(resources: Resources, project: string): void {
  resources.put(`projects/${project}`, { projectId: project, projectNumber, lifecycleState: 'ACTIVE', name: project });
  const place = `projects/${project}/locations/us-central1`;
  resources.put(`${place}/runtimes`, { runtimes: ['nodejs22', 'nodejs24'].map((name) => ({ name, environment: 'GEN_2', stage: 'GA' })) });
  resources.put(`${place}/defaultServiceAccount`, { name: `${place}/defaultServiceAccount`, serviceAccountEmail: `${projectNumber}-compute@developer.gserviceaccount.com` });
  const everyField = `projects/${project}/databases/(default)/collectionGroups/__default__/fields/*`;
  resources.put(everyField, { name: everyField, indexConfig: { indexes: [{ queryScope: 'COLLECTION', fields: [{ fieldPath: '*', order: 'ASCENDING' }] }] } });
}
