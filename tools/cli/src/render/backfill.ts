import pc from 'picocolors';
import type { ShownBackfill } from '../commands/backfill.ts';
import { table } from './table.ts';

type Piece = ShownBackfill['pieces'][number];

/** A backfill for people: what was made, date by date, what was left alone and why, and the counts at its end. */
export function renderBackfill({ target, from, to, dryRun, counts, pieces, left, refused, grading }: ShownBackfill): string {
  const range = from === to ? from : `${from} to ${to}`;
  const skipped = Object.entries(counts.skipped).map(([reason, count]) => `${count} ${reason}`).join(', ');
  const grades = grading === undefined ? [] : [`grades           ${grading.graded} graded, ${grading.voided} void; not gradable: ${Object.entries(grading.ungradable).map(([reason, count]) => `${count} ${reason}`).join(', ')}`];
  if (pieces.length === 0) return [`${pc.bold(target)}, ${range}: nothing is missing${skipped === '' ? '' : ` (${skipped})`}`, ...grades, ...refusedLines(refused)].join('\n');
  return [
    `${pc.bold(target)}, ${range}: ${dryRun ? 'would make' : 'made'} ${dryRun ? counts.wanted : counts.loaded} of ${counts.wanted}`,
    table(['date', 'output', 'why', 'games'], grouped(pieces).map(({ gameDate, output, reason, scopes }) => [gameDate, output, reason, scopes.length > 8 ? `${scopes.length} games` : scopes.join(' ')])),
    ...(left.length === 0 ? [] : [pc.red(`not there yet: ${left.map(({ gameDate, output, scope }) => `${gameDate} ${output} ${scope}`).join(', ')}`)]),
    ...refusedLines(refused),
    [
      `files found      ${counts.files_found}`, `files processed  ${counts.files_processed}`, `loaded           ${counts.loaded} of ${counts.wanted}`, `skipped          ${skipped === '' ? '0' : skipped}`,
      `rows             ${counts.rows}`, `duration         ${counts.duration_seconds.toFixed(1)} s`, `success rate     ${counts.success_rate_pct === null ? 'nothing was made' : `${counts.success_rate_pct} %`}`,
      ...grades,
    ].join('\n'),
  ].join('\n\n');
}

const refusedLines = (refused: readonly Piece[]): readonly string[] =>
  refused.map(({ gameDate, output, scope, until }) => pc.yellow(`refused: ${output} of ${scope} (${gameDate}): its source rows are in the streaming buffer${until === undefined ? '' : `, until ${until}`}`));

function grouped(pieces: readonly Piece[]): readonly (Pick<Piece, 'gameDate' | 'output' | 'reason'> & { readonly scopes: readonly string[] })[] {
  const groups = new Map<string, Piece[]>();
  for (const piece of pieces) groups.set(`${piece.gameDate}|${piece.output}|${piece.reason}`, [...(groups.get(`${piece.gameDate}|${piece.output}|${piece.reason}`) ?? []), piece]);
  return [...groups.values()].flatMap((group) => group.slice(0, 1).map(({ gameDate, output, reason }) => ({ gameDate, output, reason, scopes: group.map(({ scope }) => scope) })));
}
