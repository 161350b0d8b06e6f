import type { FunctionName, Topic } from '@handoff/catalogue';
import { PhaseTriggered, type EpochMs } from '@handoff/contracts';
import type { z } from 'zod';
import type { DeadLetter } from './message-bus.ts';
import type { FlowContext, FlowReport, Ports } from './ports.ts';

/** How a function takes the messages of one topic. */
export interface MessageRoute<Config> {
  readonly topic: Topic;
  readonly accept: (payload: unknown) => BoundWork<Config>;
}

/** A payload that has passed its contract, bound to the flow that will take it. */
export type BoundWork<Config> =
  | { readonly isValid: true; readonly run: (context: FlowContext, config: Config) => Promise<FlowReport>; /** The phase runs that this message starts: they have failed where it is refused for good. */ readonly starts: PhaseTriggered | undefined }
  | { readonly isValid: false; readonly problem: string };

/** How a function answers who asks it over HTTP. It reads only. */
export interface Question<Config> {
  readonly accept: (parameters: unknown) => { readonly isValid: true; readonly answer: (ports: Ports, config: Config) => Promise<Readonly<Record<string, unknown>>> } | { readonly isValid: false; readonly problem: string };
}

/** A deployable function, as data: the host does the rest. */
export interface FunctionDefinition<Config = unknown> {
  readonly name: FunctionName;
  /** The environment that it reads, validated once at start. */
  readonly config: z.ZodType<Config>;
  readonly routes: readonly MessageRoute<Config>[];
  /** What its schedule job runs; absent where it has none. `scheduledAt`: when the firing was due, or what it does. */
  readonly onSchedule?: (context: FlowContext, config: Config, tick: { readonly scheduledAt: EpochMs }) => Promise<FlowReport>;
  /** What it answers on demand, at the path `/ask`; absent where there is nothing to ask. */
  readonly onQuestion?: Question<Config>;
  /** For the function that takes the dead letters of all subscriptions. */
  readonly onDeadLetter?: (letter: DeadLetter, context: FlowContext, config: Config) => Promise<FlowReport>;
  /** For a function that publishes the history itself: an attempt of its that fails would add to what could not be published, and is not told. */
  readonly publishesHistory?: true;
  /** For a function that asks sources: it alone is given their keys. */
  readonly asksSources?: true;
  /** For a function that has to work while the state store does not: its work is not claimed, makes no history, and may be done twice. */
  readonly isStateless?: true;
}

type Run<Config, Payload> = (payload: Payload, context: FlowContext, config: Config) => Promise<FlowReport>;

/** Binds a topic to the contract of its messages and to a flow. */
export const route = <Config, Schema extends z.ZodType>(topic: Topic, schema: Schema, run: Run<Config, z.infer<Schema>>): MessageRoute<Config> => ({
  topic,
  accept: (payload) => bind(schema, payload, run, () => undefined),
});

/** Binds the parameters of a question, a query's or a body's, to what answers it. */
export const question = <Config, Schema extends z.ZodType>(schema: Schema, answer: (parameters: z.infer<Schema>, ports: Ports, config: Config) => Promise<Readonly<Record<string, unknown>>>): Question<Config> => ({
  accept: (parameters) => {
    const parsed = schema.safeParse(parameters);
    return parsed.success ? { isValid: true, answer: (ports, config) => answer(parsed.data, ports, config) } : { isValid: false, problem: problemOf(parsed.error) };
  },
});

/** Binds the trigger topic of a phase to the flow that makes the phase's outputs. */
export const triggerRoute = <Config>(topic: Topic, run: Run<Config, PhaseTriggered>): MessageRoute<Config> => ({
  topic,
  accept: (payload) => bind(PhaseTriggered, payload, run, (trigger) => trigger),
});

function bind<Config, Schema extends z.ZodType>(
  schema: Schema, payload: unknown, run: Run<Config, z.infer<Schema>>, starts: (parsed: z.infer<Schema>) => PhaseTriggered | undefined,
): BoundWork<Config> {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) return { isValid: false, problem: problemOf(parsed.error) };
  return { isValid: true, run: (context, config) => run(parsed.data, context, config), starts: starts(parsed.data) };
}

const problemOf = (error: z.ZodError): string => error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
