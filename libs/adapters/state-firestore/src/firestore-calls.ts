import { setTimeout as pause } from 'node:timers/promises';
import firestore from '@google-cloud/firestore';
import type { protos } from '@google-cloud/firestore-api';
import { stateRefusals } from '@handoff/ports';
import { channelOptions, deadlineMs, grpcFaultOf, RemoteClient } from '@handoff/remote-calls';
import { PassThroughClient } from 'google-auth-library';
import { grpc, type CallOptions } from 'google-gax';
import { asPipelineError, outcomeUnknown, unreachable, withoutCredentials, type CallFacts } from './errors.ts';
import type { StructuredQuery } from './structured-query.ts';

/**
 * The generated client, out of the package that the owner has fixed: the client above it updates by a mask of fields and
 * repeats calls of its own accord (docs/adr/0017-generated-google-clients.md). Node finds no name `v1` in that package,
 * which is CommonJS and gives it lazily; the whole of it has one.
 */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated for most uses in favour of that client; this use is the one that the note excepts.
const { FirestoreClient } = firestore.v1;
type FirestoreClient = InstanceType<typeof FirestoreClient>;
export type FirestoreWrite = protos.google.firestore.v1.IWrite;
export type FirestoreDocument = protos.google.firestore.v1.IDocument;

export interface FirestoreOptions {
  readonly projectId: string;
  /** `(default)` unless the project keeps several. */
  readonly databaseId?: string;
  /** Google's emulator, without credentials; otherwise the service, with those of the environment. */
  readonly emulator?: { readonly host: string; readonly port: number };
}

/** What the state store asks of Firestore. */
export interface FirestoreCalls {
  /** `projects/…/documents`: what the path of a document is below. */
  readonly documentsRoot: string;
  /** All writes or none: where a precondition did not hold, what Firestore says of that. */
  commit(writes: readonly FirestoreWrite[], about: CommitFacts): Promise<Refusal | undefined>;
  /** The documents that there are of those named, all as of one moment. */
  read(names: readonly string[], collections: readonly string[]): Promise<readonly FirestoreDocument[]>;
  run(query: StructuredQuery, collection: string): Promise<readonly FirestoreDocument[]>;
  /** A collection in order, in one message instead of one for each document; undefined where it takes several. */
  list(page: CollectionPage): Promise<readonly FirestoreDocument[] | undefined>;
  /** Waits for what was asked for. */
  close(): Promise<void>;
}

export interface CollectionPage {
  readonly collectionId: string;
  /** As in `points desc, __name__`. */
  readonly orderBy: string;
  readonly limit: number | undefined;
}

export interface CommitFacts {
  readonly collections: readonly string[];
  /** False for an increment: made twice, it counts twice. */
  readonly mayRepeatBlindly: boolean;
}

/** A commit that was refused as a whole. `missing` and `precondition` may also be said of the database itself. */
export interface Refusal {
  readonly kind: 'exists' | 'missing' | 'precondition';
  readonly cause: unknown;
}

/** Of streams, which the library repeats of its own accord: a read of a service that is away took 28 s. */
const noRepetition = { retries: 0, noResponseRetries: 0, shouldRetryFn: () => false };

/** Of documents in one message: it has to fit into memory. */
const pageSizeMax = 300;

/** Opens one client, which serves a process. */
export function openFirestoreCalls(options: FirestoreOptions): FirestoreCalls {
  return new RemoteCalls(options);
}

class RemoteCalls implements FirestoreCalls {
  readonly documentsRoot: string;
  readonly #database: string;
  readonly #options: FirestoreOptions;
  readonly #remote: RemoteClient<FirestoreClient>;

  constructor(options: FirestoreOptions) {
    this.#options = options;
    this.#database = `projects/${options.projectId}/databases/${options.databaseId ?? '(default)'}`;
    this.documentsRoot = `${this.#database}/documents`;
    this.#remote = new RemoteClient({ build: () => buildClient(options), closed: stateRefusals.closed, withoutCredentials, unreachable, pause: (span) => pause(span), random: Math.random });
  }

  commit(writes: readonly FirestoreWrite[], { collections, mayRepeatBlindly }: CommitFacts): Promise<Refusal | undefined> {
    const call: CallFacts = { method: 'Commit', collections };
    const mayRepeat = (error: unknown): boolean => mayRepeatBlindly || grpcFaultOf(error)?.isOutcomeKnown === true;
    let uncertain: unknown;
    return this.#repeated(call, async (client) => {
      try {
        await client.commit({ database: this.#database, writes: [...writes] }, this.#callOptions());
        return undefined;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) {
          if (grpcFaultOf(error)?.isOutcomeKnown === false) uncertain = error;
          throw error;
        }
        if (uncertain !== undefined) throw outcomeUnknown(call, uncertain);
        return refusal;
      }
    }, mayRepeat);
  }

  read(names: readonly string[], collections: readonly string[]): Promise<readonly FirestoreDocument[]> {
    return this.#repeated({ method: 'BatchGetDocuments', collections }, async (client) => {
      const answers = await gathered<protos.google.firestore.v1.IBatchGetDocumentsResponse>(client.batchGetDocuments({ database: this.#database, documents: [...names] }, this.#callOptions()));
      return answers.flatMap(({ found }) => found ?? []);
    });
  }

  run(query: StructuredQuery, collection: string): Promise<readonly FirestoreDocument[]> {
    return this.#repeated({ method: 'RunQuery', collections: [collection] }, async (client) => {
      const answers = await gathered<protos.google.firestore.v1.IRunQueryResponse>(client.runQuery({ parent: this.documentsRoot, structuredQuery: query }, this.#callOptions()));
      return answers.flatMap(({ document }) => document ?? []);
    });
  }

  list({ collectionId, orderBy, limit }: CollectionPage): Promise<readonly FirestoreDocument[] | undefined> {
    const pageSize = Math.min(limit ?? pageSizeMax, pageSizeMax);
    return this.#repeated({ method: 'ListDocuments', collections: [collectionId] }, async (client) => {
      const [documents, next] = await client.listDocuments({ parent: this.documentsRoot, collectionId, orderBy, pageSize }, { ...this.#callOptions(), autoPaginate: false });
      // Further pages would be of later moments than the first.
      return next === null || documents.length === limit ? documents : undefined;
    });
  }

  close(): Promise<void> {
    return this.#remote.close();
  }

  async #repeated<Result>(call: CallFacts, attempt: (client: FirestoreClient) => Promise<Result>, mayRepeat?: (error: unknown) => boolean): Promise<Result> {
    try {
      return await this.#remote.call(attempt, mayRepeat);
    } catch (error) {
      throw asPipelineError(error, call);
    }
  }

  /** New for each call, since the client writes into it. The emulator takes `owner` as one whom no rule concerns. */
  #callOptions(): CallOptions {
    const owner = this.#options.emulator === undefined ? {} : { Authorization: 'Bearer owner' };
    return { timeout: deadlineMs, retry: null, retryRequestOptions: noRepetition, otherArgs: { headers: { 'google-cloud-resource-prefix': this.#database, ...owner } } };
  }
}

function buildClient({ projectId, emulator }: FirestoreOptions): FirestoreClient {
  // The emulator asks for no credentials; without a client that has none the library would look for the metadata server.
  const at = emulator === undefined ? {} : { servicePath: emulator.host, port: emulator.port, sslCreds: grpc.credentials.createInsecure(), authClient: new PassThroughClient() };
  return new FirestoreClient({ projectId, ...at, ...channelOptions });
}

function refusalOf(error: unknown): Refusal | undefined {
  const kind = grpcFaultOf(error)?.kind;
  return kind === 'exists' || kind === 'missing' || kind === 'precondition' ? { kind, cause: error } : undefined;
}

function gathered<Answer>(stream: NodeJS.ReadableStream): Promise<readonly Answer[]> {
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    stream.on('data', (answer: Answer) => { answers.push(answer); });
    stream.on('error', reject);
    stream.on('end', () => { resolve(answers); });
  });
}
