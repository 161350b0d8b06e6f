import { elapsed, isoInstant, type EpochMs } from '@handoff/contracts';
import type { Gap } from '@handoff/ledger';

/** What a picture of gaps shows: from when until when, and how it is headed. */
export interface PictureFrame {
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly title: string;
}

const [labelWidth, chartWidth, rowHeight, headHeight] = [390, 820, 20, 58];
const width = labelWidth + chartWidth + 20;
const hourMs = 3_600_000;

const colours: Readonly<Record<Gap['status'], string>> = { open: '#c0392b', stopped: '#c0392b', closed: '#2e86c1', void: '#95a5a6', waived: '#95a5a6' };
const words: readonly (readonly [string, string])[] = [['#2e86c1', 'closed: its rows were seen'], ['#95a5a6', 'void: nothing is expected any more'], ['#c0392b', 'open at the end']];

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * The gap ledger as an SVG picture: a bar for each gap from its opening to its end, a mark for each repair that was
 * begun, days as columns. Oldest first. Pure: one ledger, one picture.
 */
export function ledgerPicture(gaps: readonly Gap[], { from, until, title }: PictureFrame): string {
  const span = elapsed(from, until);
  const at = (instant: EpochMs): number => labelWidth + Math.min(1, Math.max(0, elapsed(from, instant) / span)) * chartWidth;
  const rows = gaps.toSorted((left, right) => left.openedAt - right.openedAt || left.subject.localeCompare(right.subject, 'en'));
  const height = headHeight + rows.length * rowHeight + 40;
  const days = Array.from({ length: Math.floor(span / (24 * hourMs)) + 1 }, (_, day) => (from + day * 24 * hourMs) as EpochMs);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="12" y="22" font-size="15" font-weight="bold">${escaped(title)}</text>`,
    ...days.flatMap((day) => [
      `<line x1="${at(day).toFixed(1)}" y1="${headHeight - 14}" x2="${at(day).toFixed(1)}" y2="${height - 34}" stroke="#dddddd"/>`,
      `<text x="${(at(day) + 3).toFixed(1)}" y="${headHeight - 6}" fill="#666666">${isoInstant(day).slice(5, 16).replace('T', ' ')}Z</text>`,
    ]),
    ...rows.flatMap((gap, index) => rowOf(gap, { at, until, top: headHeight + index * rowHeight })),
    ...words.map(([colour, word], index) => `<rect x="${12 + index * 230}" y="${height - 22}" width="12" height="10" fill="${colour}"/><text x="${30 + index * 230}" y="${height - 13}">${word}</text>`),
    `<circle cx="${12 + words.length * 230 + 6}" cy="${height - 17}" r="3" fill="black"/><text x="${30 + words.length * 230}" y="${height - 13}">a repair was begun</text>`,
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

interface Row {
  readonly at: (instant: EpochMs) => number;
  readonly until: EpochMs;
  readonly top: number;
}

function rowOf(gap: Gap, { at, until, top }: Row): readonly string[] {
  const [start, end] = [at(gap.openedAt), at(gap.endedAt ?? until)];
  const middle = top + rowHeight / 2;
  const name = `${gap.gameDate} ${gap.flow} ${gap.subject} (${gap.missing.length})`;
  return [
    `<text x="12" y="${middle + 4}">${escaped(name)}</text>`,
    `<rect x="${start.toFixed(1)}" y="${middle - 5}" width="${Math.max(2, end - start).toFixed(1)}" height="10" fill="${colours[gap.status]}" opacity="0.75"><title>${escaped(`${name}: ${gap.resolution ?? gap.status}`)}</title></rect>`,
    ...gap.attempts.map(({ at: begun, repair }) => `<circle cx="${at(begun).toFixed(1)}" cy="${middle}" r="3" fill="black"><title>${escaped(`${isoInstant(begun)} ${repair}`)}</title></circle>`),
  ];
}
