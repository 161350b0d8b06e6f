import { performance } from 'node:perf_hooks';

/** How long somebody was waiting for calls of some ports: time with several in hand at once counts once. */
export class AwaitedTime {
  #inHand = 0;
  #since = 0;
  #total = 0;
  #calls = 0;

  /** The same port, whose calls are timed. */
  around<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const method = member.bind(target) as (...call: unknown[]) => unknown;
        return (...call: unknown[]): unknown => {
          const answer = method(...call);
          return answer instanceof Promise ? this.#awaited(answer) : answer;
        };
      },
    });
  }

  /** Milliseconds and calls since this was last asked. To be asked while nothing is in hand. */
  take(): { readonly ms: number; readonly calls: number } {
    const taken = { ms: this.#total, calls: this.#calls };
    this.#total = 0;
    this.#calls = 0;
    return taken;
  }

  async #awaited(answer: Promise<unknown>): Promise<unknown> {
    this.#calls += 1;
    if (this.#inHand === 0) this.#since = performance.now();
    this.#inHand += 1;
    try {
      return await answer;
    } finally {
      this.#inHand -= 1;
      if (this.#inHand === 0) this.#total += performance.now() - this.#since;
    }
  }
}
