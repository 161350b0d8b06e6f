import { gameDate } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { haltOf } from './halts.ts';

const season = ['2025-10-21', '2026-01-24', '2026-01-26', '2026-02-12', '2026-02-19', '2026-04-12', '2026-04-18', '2026-04-22', '2026-06-19'].map(gameDate);

it.each`
  date            | halt                | why
  ${'2026-01-24'} | ${undefined}        | ${'it has games'}
  ${'2025-10-20'} | ${'off-season'}     | ${'it is before the first game'}
  ${'2026-06-20'} | ${'off-season'}     | ${'it is after the last one'}
  ${'2026-01-25'} | ${'no-games'}       | ${'games are the day before and after'}
  ${'2026-02-15'} | ${'all-star-break'} | ${'a week of February has none'}
  ${'2026-04-15'} | ${'between-rounds'} | ${'six days of April have none'}
  ${'2026-04-20'} | ${'no-games'}       | ${'four days are not a break'}
`('$date: $halt, since $why', ({ date, halt }: { date: string; halt: string | undefined }) => {
  expect(haltOf(gameDate(date), season)).toBe(halt);
});

it('without any known date everything is off season', () => {
  expect(haltOf(gameDate('2026-01-24'), [])).toBe('off-season');
});
