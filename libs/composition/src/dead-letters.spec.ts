import { deadLetterName } from '@handoff/catalogue';
import { hours } from '@handoff/contracts';
import { ManualClock, silentLog } from '@handoff/testing';
import { expect, it } from 'vitest';
import { openTemporary } from './temporary.ts';

it('a message that is refused five times is delivered to the dead letters of its subscription, with the number of its deliveries, until it is taken there', async () => {
  const clock = new ManualClock();
  const system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new RangeError('no source is asked here')) } });
  const { bus } = system;
  const delivered: string[] = [];
  const refuse = async (): Promise<void> => {
    while (await bus.deliverNext(({ subscription, message: { key }, deadDeliveries }) => { delivered.push(`${subscription} ${key} ${deadDeliveries ?? ''}`); return Promise.resolve('nack'); }));
    clock.advance(hours(1));
  };
  await bus.publish('grading-trigger', { key: 'first', payload: {}, correlationId: 'chain' });
  for (let round = 0; round < 15; round += 1) await refuse();
  const letter = `${deadLetterName('grading-trigger--phase6-grade')} first 5`;
  expect(delivered.slice(0, 6)).toEqual([...Array.from({ length: 5 }, () => 'grading-trigger--phase6-grade first '), letter]);
  expect(delivered.length).toBeGreaterThan(12);
  expect(new Set(delivered.slice(5))).toEqual(new Set([letter]));
  while (await bus.deliverNext(() => Promise.resolve('ack')));
  expect(bus.depth()).toBe(0);
  await system.close();
});
