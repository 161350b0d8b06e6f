import { afterEach } from 'vitest';

/** An adapter that a contract suite has opened. */
export interface Opened<Subject> {
  readonly subject: Subject;
  /** Closes in order and opens again what is stored. */
  readonly reopen: () => Promise<Opened<Subject>>;
  /** Opens what a process that is killed at this moment leaves behind. For a service: a new client. */
  readonly crash: () => Promise<Opened<Subject>>;
  readonly close: () => Promise<void>;
}

/** How a contract suite opens the adapter under test: new and empty each time, or as if it were (a name of its own in a service). */
export type Open<Subject, Options extends readonly unknown[] = []> = (...options: Options) => Promise<Opened<Subject>>;

/** The same, closing after each test what was opened in it. */
export function closedAfterEach<Subject, Options extends readonly unknown[]>(open: Open<Subject, Options>): Open<Subject, Options> {
  const opened: Opened<Subject>[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).toReversed()) await one.close();
  });
  const tracked = (one: Opened<Subject>): Opened<Subject> => {
    opened.push(one);
    return { ...one, reopen: async () => tracked(await one.reopen()), crash: async () => tracked(await one.crash()) };
  };
  return async (...options) => tracked(await open(...options));
}
