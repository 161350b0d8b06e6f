import { VirtualClock } from '@handoff/clock-virtual';
import { after, minutes, parseInstant } from '@handoff/contracts';
import { FaultPlan, type Fault } from '@handoff/faults';
import { SeededRandom } from '@handoff/random-seeded';
import { describe, expect, it } from 'vitest';
import { watchedFrom } from './watched-times.ts';

const start = parseInstant('2026-01-24T12:00:00Z');
const at = (minute: number) => after(start, minutes(minute));
const planOf = (...faults: readonly Fault[]): FaultPlan => new FaultPlan({ faults, clock: new VirtualClock(start), random: new SeededRandom(1) });

describe('a watchdog', () => {
  it('is called closely around each fault of the platform, and not for what sources answer', () => {
    const from = watchedFrom(planOf({ target: 'state', kind: 'unavailable', at: at(60), until: at(120) }, { target: 'source:bdl_injuries', kind: 'unavailable' }, { target: 'bus', kind: 'drop', at: at(600) }));
    expect([from(at(0)), from(at(50)), from(at(170)), from(at(190)), from(at(5_000))]).toEqual([at(45), at(50), at(170), at(585), at(5_000)]);
    expect(watchedFrom(planOf())(start)).toBeUndefined();
  });

  it.each<[string, Partial<Fault>, number]>([
    ['for an hour after each strike of a fault that strikes some calls', { rate: 0.01 }, 60],
    ['for an hour after the last strike of a fault that strikes so often and no more', { times: 3 }, 60],
    ['for as long as a strike holds something up, and an hour', { rate: 0.01, span: minutes(90) }, 150],
  ])('is called closely %s, and not while it has not struck', (_, much, lastsMinutes) => {
    const plan = planOf({ target: 'bus', kind: 'delay', ...much });
    const from = watchedFrom(plan);
    expect(from(at(10))).toBeUndefined();
    for (const fault of plan.faults) plan.count(fault, at(30));
    expect([from(at(31)), from(at(30 + lastsMinutes)), from(at(31 + lastsMinutes))]).toEqual([at(31), at(30 + lastsMinutes), undefined]);
  });
});
