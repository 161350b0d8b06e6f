type Methods<Port> = { readonly [Name in keyof Port]: Port[Name] extends (...call: never[]) => Promise<unknown> ? Name : never }[keyof Port];

/**
 * The same port, whose named methods first run `before`: what it throws is the rejection of the call, and the
 * port itself is not reached.
 */
export function guarded<Port extends object>(port: Port, methods: readonly Methods<Port>[], before: (method: string, call: readonly unknown[]) => void): Port {
  const names: ReadonlySet<PropertyKey> = new Set<PropertyKey>(methods);
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...call: unknown[]) => unknown;
      if (!names.has(name)) return method;
      // An async function, so that a fault is a rejection, as it is from a real port.
      return async (...call: unknown[]): Promise<unknown> => {
        before(String(name), call);
        return await method(...call);
      };
    },
  });
}
