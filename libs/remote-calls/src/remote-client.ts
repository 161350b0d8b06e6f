import { attempted, type Attempts } from '@handoff/attempts';
import { milliseconds, type DurationMs, type PipelineError } from '@handoff/contracts';
import { grpcFaultOf } from './grpc-fault.ts';
import { isUnreachable } from './is-unreachable.ts';

/** What the generated clients of Google's services have in common. */
export interface GeneratedClient {
  /** Looks for credentials and opens the channel, once. */
  initialize(): Promise<unknown>;
  close(): Promise<void>;
}

export interface RemoteClientOptions<Client extends GeneratedClient> {
  readonly build: () => Client;
  readonly closed: () => PipelineError;
  readonly withoutCredentials: (cause: unknown) => PipelineError;
  /** Whoever gives credentials out could not be reached. */
  readonly unreachable: (cause: unknown) => PipelineError;
  readonly pause: (span: DurationMs) => Promise<void>;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

/** Of one attempt. A call takes 5 to 50 ms as a rule; a service that has not answered within this is not there. */
export const deadlineMs = 10_000;

/** Four attempts over at most 0.7 s: enough for a connection that is made anew. What lasts longer is redelivered. */
const attemptsMax = 4;
const firstWaitMs = milliseconds(100);

/** Of the one connection: kept alive between calls, and made anew within our own pauses instead of after a second. */
export const channelOptions = {
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.initial_reconnect_backoff_ms': 100,
} as const;

/**
 * One client of a service for the life of a process, built with its first call. All repetition is here and none in
 * the generated client, so that a call whose outcome is unknown can be told from one that was refused.
 */
export class RemoteClient<Client extends GeneratedClient> {
  readonly #options: RemoteClientOptions<Client>;
  readonly #attempts: Attempts;
  readonly #pending = new Set<Promise<unknown>>();
  /** Errors after which a call was not begun, and would find another answer later. */
  readonly #notBegun = new WeakSet();
  #client: Client | undefined;
  #isClosed = false;

  constructor(options: RemoteClientOptions<Client>) {
    this.#options = options;
    this.#attempts = { attemptsMax, firstWaitMs, wait: options.pause, random: options.random };
  }

  /**
   * Calls, and repeats the call after a passing fault where `mayRepeat` agrees.
   *
   * @throws the client's own error of the last attempt; `closed` after a close; `withoutCredentials`, or `unreachable` after as many attempts.
   */
  async call<Result>(attempt: (client: Client) => Promise<Result>, mayRepeat: (error: unknown) => boolean = () => true): Promise<Result> {
    if (this.#isClosed) throw this.#options.closed();
    const isPassing = (error: unknown): boolean => (error instanceof Error && this.#notBegun.has(error)) || (grpcFaultOf(error)?.kind === 'passing' && mayRepeat(error));
    const done = attempted(this.#attempts, isPassing, async () => attempt(await this.#ready()));
    this.#pending.add(done);
    try {
      return await done;
    } finally {
      this.#pending.delete(done);
    }
  }

  /** Waits for the calls that were asked for, then closes. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#pending);
    await this.#client?.close();
  }

  /** A client that found no credentials is not kept: it would find none for ever. */
  async #ready(): Promise<Client> {
    const client = (this.#client ??= this.#options.build());
    try {
      await client.initialize();
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      if (!isUnreachable(error)) throw this.#options.withoutCredentials(error);
      const unreachable = this.#options.unreachable(error);
      this.#notBegun.add(unreachable);
      throw unreachable;
    }
    return client;
  }
}
