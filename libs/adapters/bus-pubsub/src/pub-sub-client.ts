import { setTimeout as pause } from 'node:timers/promises';
import { PipelineError } from '@handoff/contracts';
import { channelOptions, deadlineMs, RemoteClient, type GeneratedClient } from '@handoff/remote-calls';
import { PassThroughClient } from 'google-auth-library';
import { grpc, type CallOptions, type ClientOptions } from 'google-gax';
import { unreachable, withoutCredentials } from './errors.ts';

export interface PubSubOptions {
  readonly projectId: string;
  /** Google's emulator, without credentials; otherwise the service, with those of the environment. */
  readonly emulator?: { readonly host: string; readonly port: number };
}

/** One of the clients of Pub/Sub, for the life of a process. */
export function openClient<Client extends GeneratedClient>(Client: new (options: ClientOptions) => Client, { projectId, emulator }: PubSubOptions): RemoteClient<Client> {
  // The emulator asks for no credentials; without a client that has none the library would look for the metadata server.
  const at = emulator === undefined ? {} : { servicePath: emulator.host, port: emulator.port, sslCreds: grpc.credentials.createInsecure(), authClient: new PassThroughClient() };
  const closed = (): PipelineError => new PipelineError({ code: 'bus-unavailable', disposition: 'retry', message: 'the bus is closed' });
  return new RemoteClient({ build: () => new Client({ projectId, ...at, ...channelOptions }), closed, withoutCredentials, unreachable, pause: (span) => pause(span), random: Math.random });
}

/** New for each call, since the client writes into it. */
export const callOptions = (): CallOptions => ({ timeout: deadlineMs, retry: null });

export const topicPath = (projectId: string, topic: string): string => `projects/${projectId}/topics/${topic}`;
export const subscriptionPath = (projectId: string, subscription: string): string => `projects/${projectId}/subscriptions/${subscription}`;
