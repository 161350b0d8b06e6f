import { gameDate, hashOf, type GameDate } from '@handoff/contracts';
import type { RecordedSource } from '@handoff/sources-recorded';
import { z } from 'zod';

const Page = z.object({ data: z.array(z.looseObject({ game: z.looseObject({ date: z.string() }) })), meta: z.looseObject({ next_cursor: z.number().optional() }) });
type Stat = z.infer<typeof Page>['data'][number];

/** A stored answer: its text, and the dates that it is about. */
export interface BoxScoreFile {
  readonly text: string;
  readonly contentHash: string;
  readonly from: GameDate;
  readonly until: GameDate;
  readonly rows: number;
}

/** Every stat object of a range of dates, in the shape of the source, in order of date. */
export async function statsBetween(source: RecordedSource, from: string, until: string): Promise<readonly Stat[]> {
  const stats: Stat[] = [];
  let cursor: number | undefined;
  do {
    const query = { start_date: from, end_date: until, per_page: '100', ...(cursor === undefined ? {} : { cursor: String(cursor) }) };
    const response = await source.fetch({ scraper: 'bdl_player_box_scores', path: '/v1/stats', query });
    const page = Page.parse(JSON.parse(new TextDecoder().decode(response.body)));
    stats.push(...page.data);
    cursor = page.meta.next_cursor;
  } while (cursor !== undefined);
  return stats.toSorted((left, right) => (left.game.date < right.game.date ? -1 : 1));
}

/** The stats as so many files of nearly equal size, each of whole games: a file replaces the games that it speaks of. */
export function filesOf(stats: readonly Stat[], count: number): readonly BoxScoreFile[] {
  const games = new Map<unknown, Stat[]>();
  for (const stat of stats) games.set(stat.game['id'], [...(games.get(stat.game['id']) ?? []), stat]);
  const ordered = [...games.values()];
  return Array.from({ length: count }, (_, index) => {
    const part = ordered.slice(Math.floor((index * ordered.length) / count), Math.floor(((index + 1) * ordered.length) / count)).flat();
    const text = JSON.stringify({ data: part });
    const dates = part.map((stat) => stat.game.date.slice(0, 10)).sort();
    return { text, contentHash: hashOf(text), from: gameDate(dates[0] ?? ''), until: gameDate(dates.at(-1) ?? ''), rows: part.length };
  });
}
