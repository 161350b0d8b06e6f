import type { Answer } from './routes.ts';

/** An answer to give instead of the real one. */
export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  /** How many requests it meets; 1 unless told. */
  readonly times?: number;
  readonly answer: Answer;
  /** True: what the request asks for is done first, and only its answer is lost. */
  readonly isDone?: boolean;
}

/** Faults that a server has been asked for, in order; each is used up by the requests that it meets. */
export class Faults {
  private waiting: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** The first fault that a request meets. */
  take(method: string, path: string): Fault | undefined {
    const met = this.waiting.find(({ fault }) => fault.method === method && fault.path.test(path));
    if (met === undefined) return undefined;
    met.left -= 1;
    this.waiting = this.waiting.filter(({ left }) => left > 0);
    return met.fault;
  }
}
