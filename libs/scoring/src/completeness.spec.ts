import { gameDate } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { lackOfHistory } from './completeness.ts';

it.each`
  firstGameDate   | completenessPct | lacks
  ${'2025-10-21'} | ${70}           | ${undefined}
  ${'2025-10-21'} | ${69.9}         | ${'history-incomplete'}
  ${'2025-12-16'} | ${69.9}         | ${'history-incomplete'}
  ${'2025-12-17'} | ${0}            | ${undefined}
  ${undefined}    | ${0}            | ${undefined}
`('a history of $completenessPct % on 2026-01-15, with a season that began on $firstGameDate, lacks: $lacks', ({ firstGameDate, completenessPct, lacks }: { firstGameDate: string | undefined; completenessPct: number; lacks: string | undefined }) => {
  expect(lackOfHistory({ completenessPct, date: gameDate('2026-01-15'), firstGameDate: firstGameDate === undefined ? undefined : gameDate(firstGameDate) })).toBe(lacks);
});
