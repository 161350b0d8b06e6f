import { describe, expect, it } from 'vitest';
import { TableQueues } from './table-queues.ts';

/** Work that ends when it is told to. */
function held() {
  let end: (value: string) => void = () => undefined;
  const work = new Promise<string>((resolve) => { end = resolve; });
  return { work, end: (value: string) => { end(value); } };
}

describe('changes of a table', () => {
  it('run one at a time, in order, whatever becomes of the one before', async () => {
    const queues = new TableQueues();
    const begun: string[] = [];
    const waiting: number[] = [];
    const [first, second] = [held(), held()];
    const run = (name: string, work: () => Promise<string>) => queues.run('raw.a', (count) => { waiting.push(count); }, () => { begun.push(name); return work(); });
    const results = [run('first', () => first.work), run('fails', () => Promise.reject(new Error('no'))), run('second', () => second.work)];
    const settled = Promise.allSettled(results);
    await Promise.resolve();
    expect(begun).toEqual(['first']);
    expect(waiting).toEqual([1, 2, 3]);
    first.end('one');
    second.end('two');
    expect(await settled).toMatchObject([{ value: 'one' }, { status: 'rejected' }, { value: 'two' }]);
    expect(begun).toEqual(['first', 'fails', 'second']);
  });

  it('do not wait for those of another table', async () => {
    const queues = new TableQueues();
    const first = held();
    const slow = queues.run('raw.a', () => undefined, () => first.work);
    expect(await queues.run('raw.b', () => undefined, () => Promise.resolve('done'))).toBe('done');
    first.end('late');
    expect(await slow).toBe('late');
  });
});
