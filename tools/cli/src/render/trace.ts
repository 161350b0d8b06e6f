import pc from 'picocolors';
import type { ShownTrace } from '../commands/trace.ts';
import { table } from './table.ts';

const colours: Readonly<Record<string, (text: string) => string>> = { COMPLETE: pc.green, EMPTY_OK: pc.dim, DEGRADED: pc.yellow, EXPECTED: pc.yellow, MISSED: pc.red, FAILED: pc.red };
const moment = (at: string | null): string => at?.slice(0, 16).replace('T', ' ') ?? '';

/** A game's way through the phases, for people: date by date, then what its sources said, and what is tried again. */
export function renderTrace(traced: ShownTrace): string {
  const { game, dateId, away, home, resolution, dates, sources, retries, gaps, conflicts } = traced;
  return [
    `${pc.bold(game)}  ${dateId}  ${away} at ${home}${resolution === 'reversed' ? pc.yellow('  (asked for the other way round)') : ''}`,
    ...dates.flatMap(renderDate),
    ...section('Sources', ['at (UTC)', 'scraper', 'workflow', 'attempt', 'players', 'status'], sources.map(({ at, scraper, workflow, attempt, players, status }) => [moment(at), scraper, workflow, String(attempt), String(players), status])),
    ...section('Gaps', ['date', 'flow', 'cause', 'status', 'since (UTC)', 'until (UTC)', 'tries', 'last try', 'how it ended'], gaps.map((gap) => [gap.gameDate, gap.flow, gap.cause, gap.status, moment(gap.openedAt), moment(gap.endedAt), String(gap.attempts.length), gap.attempts.at(-1)?.repair ?? '', gap.resolution ?? ''])),
    ...section('Tried again', ['id', 'status', 'kind', 'processor', 'tries', 'next', 'why'], retries.map(({ id, status, kind, processor, tries, nextAt, why }) => [id, status, kind, processor, String(tries), moment(nextAt), why])),
    ...(conflicts.length === 0 ? [] : [pc.yellow(`streamed rows keep it from being written to ${conflicts.join(', ')}`)]),
  ].join('\n\n');
}

function renderDate({ gameDate, status, movedIn, tipAt, steps, handoffs }: ShownTrace['dates'][number]): readonly string[] {
  const head = `${pc.bold(gameDate)}: ${status}${movedIn ? ', moved in' : ''}${tipAt === null ? '' : `, tip-off ${moment(tipAt)} UTC`}`;
  const rows = steps.map((step) => [step.flow, step.phase, step.output, (colours[step.state ?? ''] ?? pc.reset)(step.state ?? 'not planned'), String(step.rows), String(step.revision ?? ''), moment(step.firstAt), moment(step.lastAt), `${step.reason ?? ''}${step.invalidatedRows === 0 ? '' : `, ${step.invalidatedRows} taken back`}`]);
  return [
    head,
    ...section('Steps', ['flow', 'phase', 'output', 'state', 'rows', 'revision', 'first (UTC)', 'last (UTC)', 'reason'], rows),
    ...section('Hand-offs', ['from', 'to', 'flow', 'revision', 'released (UTC)', 'gate', 'missing of it'], handoffs.map(({ from, to, flow, revision, releasedAt, verdict, missing }) => [from, to, flow, String(revision), moment(releasedAt), verdict, missing.map((pair) => pair.split('|')[0]).join(', ')])),
  ];
}

const section = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => (rows.length === 0 ? [] : [`${title}\n${table(head, rows)}`]);
