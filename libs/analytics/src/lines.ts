import { hashOf, type EpochMs, type PlayerPointsLineRow, type WithoutProvenance } from '@handoff/contracts';
import { groupBy } from './grouping.ts';

export type PointsLine = WithoutProvenance<PlayerPointsLineRow>;

/** Offered lines by the source that offered them; the names are those of `line_source_api`. */
export interface OfferedLines {
  readonly ODDS_API: readonly PointsLine[];
  readonly PRIZEPICKS: readonly PointsLine[];
}

/** DraftKings, then FanDuel (reference section 9.2), then the secondary books in this fixed order; unknown books come last, by name. */
const bookOrder = ['draftkings', 'fanduel', 'betmgm', 'williamhill_us', 'fanatics', 'betrivers', 'bovada', 'betonlineag'];

/** The line that a player is judged by; the first block of fields is as the context row has them. */
export interface LineColumns {
  readonly has_prop_line: boolean;
  readonly line_source: 'ACTUAL_PROP' | 'NO_PROP_LINE';
  readonly line_source_api: keyof OfferedLines | null;
  readonly sportsbook: string | null;
  readonly current_points_line: number | null;
  readonly opening_points_line: number | null;
  readonly line_snapshot_at: EpochMs | null;
}

const withoutLine: LineColumns = {
  has_prop_line: false,
  line_source: 'NO_PROP_LINE',
  line_source_api: null,
  sportsbook: null,
  current_points_line: null,
  opening_points_line: null,
  line_snapshot_at: null,
};

export interface LineQuestion {
  /** The lines of one player in one game. */
  readonly lines: OfferedLines;
  readonly tipAt: EpochMs;
  readonly now: EpochMs;
}

/**
 * Resolves a player's line: the first book in order that has a usable one, its newest snapshot before
 * tip-off (and not after `now`), and of several lines in that snapshot the main one (see `mainLine`).
 * The opening line is the main line of the same source and book in its first usable snapshot.
 * Any real number is a line: 20.0 is one too.
 */
export function resolveLine({ lines, tipAt, now }: LineQuestion): LineColumns {
  const isUsable = (line: PointsLine): boolean => line.is_usable && line.snapshot_at < tipAt && line.snapshot_at <= now;
  const usable = { ODDS_API: lines.ODDS_API.filter(isUsable), PRIZEPICKS: lines.PRIZEPICKS.filter(isUsable) };
  for (const api of ['ODDS_API', 'PRIZEPICKS'] as const) {
    const book = booksOf(usable[api])[0];
    if (book === undefined) continue;
    const offers = usable[api].filter((line) => line.bookmaker === book);
    const market = marketMedian([...usable.ODDS_API, ...usable.PRIZEPICKS]);
    const newest = Math.max(...offers.map((line) => line.snapshot_at));
    const first = Math.min(...offers.map((line) => line.snapshot_at));
    const current = mainLine(offers.filter((line) => line.snapshot_at === newest), market);
    const opening = mainLine(offers.filter((line) => line.snapshot_at === first), market);
    return {
      has_prop_line: true,
      line_source: 'ACTUAL_PROP',
      line_source_api: api,
      sportsbook: book,
      current_points_line: current.points_line,
      opening_points_line: opening.points_line,
      line_snapshot_at: current.snapshot_at,
    };
  }
  return withoutLine;
}

function booksOf(lines: readonly PointsLine[]): readonly string[] {
  const rank = (book: string): number => (bookOrder.includes(book) ? bookOrder.indexOf(book) : bookOrder.length);
  return [...new Set(lines.map((line) => line.bookmaker))].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * Of several lines of one book in one snapshot, the one that the book itself thinks is even: its over and
 * under prices are nearest to a coin toss. On a tie, or without prices, the nearest to the market's median;
 * two at equal distance on both sides are told apart by a hash of player and date, so that no direction is
 * favoured: a tie-break that always kept the higher line made 89 % of recommendations UNDER (incident 20).
 */
function mainLine(lines: readonly PointsLine[], market: number): PointsLine {
  const ranked = lines.toSorted(
    (a, b) => imbalance(a) - imbalance(b) || Math.abs(a.points_line - market) - Math.abs(b.points_line - market) || sideways(a) * (a.points_line - b.points_line),
  );
  const [main] = ranked;
  if (main === undefined) throw new RangeError('a snapshot without lines has no main line');
  return main;
}

const sideways = (line: PointsLine): number => (Number.parseInt(hashOf(`${line.player_lookup} ${line.game_date}`).slice(0, 2), 16) % 2 === 0 ? 1 : -1);

/** Distance of the book's own over probability, margin removed, from one half, in whole percent; a one-sided offer is the worst. */
function imbalance(line: PointsLine): number {
  if (line.over_price_american === null || line.under_price_american === null) return 50;
  const over = impliedProbability(line.over_price_american);
  const under = impliedProbability(line.under_price_american);
  // Whole percent: -110/-110 and -112/-112 are the same opinion, and so is a cent of difference.
  return Math.round(Math.abs((100 * over) / (over + under) - 50));
}

const impliedProbability = (american: number): number => (american < 0 ? -american / (100 - american) : 100 / (100 + american));

/**
 * Median of the lines in each book's newest snapshot. Books with one line speak for the market; those with
 * ladders of alternatives only where nobody else does.
 */
function marketMedian(lines: readonly PointsLine[]): number {
  const newest = [...groupBy(lines, (line) => line.bookmaker).values()].map((offers) => {
    const at = Math.max(...offers.map((line) => line.snapshot_at));
    return [...new Set(offers.filter((line) => line.snapshot_at === at).map((line) => line.points_line))];
  });
  const single = newest.filter((offers) => offers.length === 1).flat();
  const values = (single.length > 0 ? single : newest.flat()).toSorted((a, b) => a - b);
  const middle = (values.length - 1) / 2;
  return ((values[Math.floor(middle)] ?? 0) + (values[Math.ceil(middle)] ?? 0)) / 2;
}
