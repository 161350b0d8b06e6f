/** A request, its body read. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Values of the route's `:names`, decoded. */
  readonly names: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What to answer: a JSON value, bytes, or nothing. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly answer: (asked: Asked) => Promise<Answer>;
}

/** A row of a route table: `route('GET /datasets/:dataset', …)`. A name takes one part of the path, encoded slashes included. */
export function route(line: string, answer: Route['answer']): Route {
  const [method = '', path = ''] = line.split(' ');
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  return { method, pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`), names, answer };
}

/** The route for a request, with the values of its names. */
export function routeOf(routes: readonly Route[], method: string, path: string): { readonly route: Route; readonly names: Readonly<Record<string, string>> } | undefined {
  for (const candidate of routes) {
    const found = candidate.method === method ? candidate.pattern.exec(path) : null;
    if (found !== null) return { route: candidate, names: Object.fromEntries(candidate.names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')])) };
  }
  return undefined;
}
