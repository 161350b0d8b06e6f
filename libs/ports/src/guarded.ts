type Methods<Port> = { readonly [Name in keyof Port]: Port[Name] extends (...call: never[]) => Promise<unknown> ? Name : never }[keyof Port];

/**
 * The same port, whose named methods first run `before`, and wait for it where it is asynchronous: what it throws is
 * the rejection of the call, and the port itself is not reached.
 */
export function guarded<Port extends object>(port: Port, methods: readonly Methods<Port>[], before: (method: string, call: readonly unknown[]) => void | Promise<void>): Port {
  const names: ReadonlySet<PropertyKey> = new Set<PropertyKey>(methods);
  const made = new Map<PropertyKey, (...call: unknown[]) => unknown>();
  const make = (name: PropertyKey, method: (...call: unknown[]) => unknown): ((...call: unknown[]) => unknown) => {
    if (!names.has(name)) return method;
    // An async function, so that a fault is a rejection, as it is from a real port.
    return async (...call: unknown[]): Promise<unknown> => {
      const ready = before(String(name), call);
      if (ready !== undefined) await ready;
      return await method(...call);
    };
  };
  return new Proxy(port, {
    get(target, name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = make(name, member.bind(target) as (...call: unknown[]) => unknown);
      made.set(name, method);
      return method;
    },
  });
}
