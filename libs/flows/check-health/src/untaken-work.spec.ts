import { openTemporary } from '@handoff/composition/temporary';
import { FilesStored, gameDate, hours, minutes, parseInstant, PipelineError } from '@handoff/contracts';
import { evaluationRef } from '@handoff/decision-state';
import { claimRef, scrapeRef, workKeyOf } from '@handoff/handoff-state';
import { guarded, type FlowContext } from '@handoff/ports';
import { ManualClock, silentLog } from '@handoff/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPhases } from './check-health.ts';

const date = gameDate('2026-01-24');
/** 09:00 ET on the day of the slate. */
const morning = parseInstant('2026-01-24T14:00:00Z');

let clock: ManualClock;
let system: Awaited<ReturnType<typeof openTemporary>>;
beforeEach(async () => {
  clock = new ManualClock(morning);
  system = await openTemporary({ clock, log: silentLog, sources: { fetch: () => Promise.reject(new Error('nothing is fetched here')) } });
});
afterEach(() => system.close());

const context = (): FlowContext => ({ ports: system.ports, log: silentLog, correlationId: 'spec' });

describe('work before the first gate', () => {
  const asked = 'nba_2026-01-24T14_betting_lines_oddsa_events';
  const ask = (scrapers: readonly string[] = ['oddsa_events']) => system.ports.state.create(evaluationRef('nba', morning), { decidedAt: morning, collected: [], decisions: [{ workflow: 'betting_lines', action: 'RUN', reason: 'spec', scrapers, from: date, until: date }, { workflow: 'injury_discovery', action: 'SKIP', reason: 'spec', scrapers: ['bdl_injuries'] }] });
  const take = (functionName: string, topic: string) => system.ports.state.create(claimRef(functionName, workKeyOf(topic, asked)), { status: 'done', holder: 'one', leaseUntil: morning, fencing: 1 });
  const stored = (files: number) => system.ports.state.create(scrapeRef(asked), { files: Array.from({ length: files }, () => ({ path: 'odds-api/events/a.json', contentHash: 'a'.repeat(64) })), fetchedAt: clock.now(), completedAt: clock.now(), recordCount: files });
  const told = async () => (await system.notifier.incidents()).filter(({ resolvedAt, subject }) => resolvedAt === null && subject === 'transition-delay').map(({ cause, subject, severity }) => `${cause} ${subject} ${severity}`);

  it('that was asked for and is not begun is told of after half an hour, and over when it is', async () => {
    await ask();
    clock.advance(minutes(30));
    await checkPhases('nba', context());
    expect(await told()).toEqual([]);
    clock.advance(minutes(1));
    await checkPhases('nba', context());
    expect(await told()).toEqual(['phase-unhealthy transition-delay warning']);
    await take('phase1-scrape', 'scrape-requests');
    await checkPhases('nba', context());
    expect(await told()).toEqual([]);
  });

  it('that was stored and is not loaded is told of after half an hour, and worse after an hour', async () => {
    await ask();
    await take('phase1-scrape', 'scrape-requests');
    await stored(1);
    clock.advance(minutes(61));
    await checkPhases('nba', context());
    expect(await told()).toEqual(['phase-unhealthy transition-delay error']);
    await take('phase2-raw', 'phase1-scrapers-complete');
    await checkPhases('nba', context());
    expect(await told()).toEqual([]);
  });

  /** What is delivered to whom, of what was published since the last call, as the message and its key. */
  const delivered = async (subscription: string): Promise<readonly (readonly [key: string, payload: unknown])[]> => {
    const messages: (readonly [string, unknown])[] = [];
    while (await system.bus.deliverNext((delivery) => { if (delivery.subscription === subscription) messages.push([delivery.message.key, delivery.message.payload]); return Promise.resolve('ack'); }));
    return messages;
  };

  it('is asked for again after a quarter of an hour and after each doubling of it, as the same message, until it is begun', async () => {
    await ask();
    const sentAt: number[] = [];
    for (let minute = 15; minute <= 255; minute += 15) {
      clock.advance(minutes(15));
      await checkPhases('nba', context());
      const messages = await delivered('scrape-requests--phase1-scrape');
      if (messages.length > 0) sentAt.push(minute);
      for (const message of messages) expect(message).toEqual([asked, { sport: 'nba', purpose: 'live', requestId: asked, decisionId: 'nba_2026-01-24T14_betting_lines', workflow: 'betting_lines', scraper: 'oddsa_events', gameDate: date, untilDate: date, requestedAt: morning }]);
    }
    expect(sentAt).toEqual([15, 30, 60, 120, 240]);
  });

  it('that was stored is announced again, as the same message', async () => {
    await ask();
    await take('phase1-scrape', 'scrape-requests');
    await stored(1);
    clock.advance(minutes(15));
    expect((await checkPhases('nba', context())).facts).toMatchObject({ sentAgain: 1 });
    const [[key, payload] = []] = await delivered('phase1-scrapers-complete--phase2-raw');
    expect(key).toBe(asked);
    expect(FilesStored.parse(payload)).toMatchObject({ executionId: asked, workflow: 'betting_lines', gameDate: date, files: [{ path: 'odds-api/events/a.json' }] });
    await take('phase2-raw', 'phase1-scrapers-complete');
    clock.advance(minutes(15));
    expect((await checkPhases('nba', context())).facts).not.toHaveProperty('sentAgain');
  });

  it('that cannot be sent again is told of all the same', async () => {
    await ask();
    clock.advance(minutes(31));
    const bus = guarded(system.ports.bus, ['publish'], () => { throw new PipelineError({ code: 'bus-unavailable', message: 'no answer' }); });
    await checkPhases('nba', { ...context(), ports: { ...system.ports, bus } });
    expect(await told()).toEqual(['phase-unhealthy transition-delay warning']);
  });

  it('of which one cannot be sent again asks no further: each refusal may take as long', async () => {
    await ask(['oddsa_events', 'bdl_injuries']);
    clock.advance(minutes(15));
    let asked = 0;
    const bus = guarded(system.ports.bus, ['publish'], () => { asked += 1; throw new PipelineError({ code: 'bus-unavailable', message: 'no answer' }); });
    await checkPhases('nba', { ...context(), ports: { ...system.ports, bus } });
    expect(asked).toBe(1);
  });

  it('that found nothing to store waits for nobody', async () => {
    await ask();
    await take('phase1-scrape', 'scrape-requests');
    await stored(0);
    clock.advance(hours(3));
    await checkPhases('nba', context());
    expect(await told()).toEqual([]);
  });
});
