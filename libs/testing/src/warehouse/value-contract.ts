import type { Row } from '@handoff/contracts';
import type { Parameter } from '@handoff/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everything } from './harness.ts';
import type { Opening } from './opening.ts';

const words = fc.string({ unit: 'binary' });
const dates = fc.integer({ min: 0, max: 40_000 }).map((count) => new Date(count * 86_400_000).toISOString().slice(0, 10));
const instants = fc.integer({ min: 1_000_000_000_000, max: 4_000_000_000_000 });
// JSON has no negative zero, and neither does BigQuery's text of a number.
const reals = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const wholes = fc.maxSafeInteger();
const documents = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const rows = fc
  .record({
    id: fc.uuid(), on_date: dates,
    text: fc.option(words), whole: fc.option(wholes), real: fc.option(reals), flag: fc.option(fc.boolean()),
    day: fc.option(dates), instant: fc.option(instants), document: fc.option(documents),
    texts: fc.array(words, { maxLength: 4 }), reals: fc.array(reals, { maxLength: 4 }), wholes: fc.array(wholes, { maxLength: 4 }),
  })
  .map((row): Row => row);

const typed = fc.oneof(
  words.map((value): Parameter => ({ type: 'STRING', value })),
  dates.map((value): Parameter => ({ type: 'DATE', value })),
  wholes.map((value): Parameter => ({ type: 'INT64', value })),
  reals.map((value): Parameter => ({ type: 'FLOAT64', value })),
  instants.map((value): Parameter => ({ type: 'TIMESTAMP', value })),
  fc.boolean().map((value): Parameter => ({ type: 'BOOL', value })),
  fc.constantFrom<Parameter['type'][]>('STRING', 'DATE', 'INT64', 'FLOAT64', 'TIMESTAMP', 'BOOL').map((type) => ({ type, value: null }) as Parameter),
  fc.array(words).map((value): Parameter => ({ type: 'ARRAY<STRING>', value })),
  fc.array(dates).map((value): Parameter => ({ type: 'ARRAY<DATE>', value })),
);

/** Values go in and come out the same, through rows and through parameters. */
export function describeValues(open: Opening): void {
  describe('values of every type', () => {
    it('come back from a table as they went in: null, unicode, empty arrays, JSON', async () => {
      const { warehouse } = await open();
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(rows, { selector: (row) => row['id'], minLength: 1, maxLength: 8 }), async (drawn) => {
          await warehouse.merge({ table: everything.name, rows: drawn });
          const ids = drawn.map((row) => String(row['id']));
          const read = await warehouse.query<Row>(
            { name: 'read', text: 'SELECT * FROM `contract_raw.everything` WHERE id IN UNNEST(@ids) ORDER BY id' }, { ids: { type: 'ARRAY<STRING>', value: ids } },
          );
          // A JSON null and a missing document are one to a row.
          expect(read).toEqual(drawn.toSorted((left, right) => (String(left['id']) < String(right['id']) ? -1 : 1)));
          expect(await warehouse.merge({ table: everything.name, rows: drawn })).toEqual({ inserted: 0, updated: 0, deleted: 0, unchanged: drawn.length });
        }),
        { numRuns: 40 },
      );
    });

    it('come back from a parameter as they went in', async () => {
      const { warehouse } = await open();
      await fc.assert(
        fc.asyncProperty(typed, async (parameter) => {
          const [row] = await warehouse.query<Row>({ name: 'echo', text: 'SELECT @value AS value' }, { value: parameter });
          expect(row).toEqual({ value: parameter.value });
        }),
        { numRuns: 60 },
      );
    });

    it('stand in a repeated column as arrays whose length SQL knows', async () => {
      const { warehouse } = await open();
      const row = { id: 'a', on_date: '2026-01-24', texts: ['x', 'y'], reals: [], wholes: [1] };
      await warehouse.merge({ table: everything.name, rows: [row] });
      const lengths = await warehouse.query<Row>({ name: 'lengths', text: 'SELECT ARRAY_LENGTH(texts) AS texts, ARRAY_LENGTH(reals) AS reals FROM `contract_raw.everything`' });
      expect(lengths).toEqual([{ texts: 2, reals: 0 }]);
      const elements = await warehouse.query<Row>({ name: 'elements', text: 'SELECT element FROM `contract_raw.everything` AS t CROSS JOIN UNNEST(t.texts) AS element ORDER BY element' });
      expect(elements).toEqual([{ element: 'x' }, { element: 'y' }]);
    });
  });
}
