import type { HttpSource, SourceRequest } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { closedAfterEach, type Open } from './opening.ts';

/** A source, and requests that the suite makes of it. */
export interface ContractSource {
  readonly source: HttpSource;
  /** Requests that are answered with JSON, in several shapes. */
  readonly answered: readonly SourceRequest[];
  /** A request that the source refuses. */
  readonly refused: SourceRequest;
  /** A path that the source does not have. */
  readonly unknown: SourceRequest;
}

/** What every adapter of the HttpSource port does. */
export function describeHttpSourceContract(name: string, open: Open<ContractSource>): void {
  describe(`${name} keeps the source contract`, () => {
    const opening = closedAfterEach(open);

    it('answers with the status, the content type and all bytes of what was asked', async () => {
      const { subject: { source, answered } } = await opening();
      for (const request of answered) {
        const { status, contentType, body } = await source.fetch(request);
        expect([status, contentType]).toEqual([200, expect.stringMatching(/^application\/json/)]);
        expect(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)), request.path).toBeTypeOf('object');
      }
    });

    it('answers the same to the same, also when many ask at once', async () => {
      const { subject: { source, answered } } = await opening();
      const rounds = await Promise.all(Array.from({ length: 6 }, () => Promise.all(answered.map((request) => source.fetch(request)))));
      for (const round of rounds) expect(round.map(({ body }) => [...body])).toEqual(rounds[0]?.map(({ body }) => [...body]));
    });

    it('answers with the status where the source refuses, or does not know the path: the caller judges it', async () => {
      const { subject: { source, refused, unknown } } = await opening();
      expect([(await source.fetch(refused)).status, (await source.fetch(unknown)).status]).toEqual([400, 404]);
    });
  });
}
