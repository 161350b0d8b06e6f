import type { EpochMs } from '@handoff/contracts';
import type { PhaseExplanation } from '@handoff/local';
import pc from 'picocolors';
import { groupedByOutput } from './replay-summary.ts';
import { table } from './table.ts';

type Handoff = PhaseExplanation['handoffs'][number];

const colours: Readonly<Record<Handoff['state'], (text: string) => string>> = {
  collecting: pc.cyan, blocked: pc.red, released: pc.cyan, published: pc.cyan, running: pc.cyan, complete: pc.green, degraded: pc.yellow, failed: pc.red,
};

/** `2026-01-25 06:30 UTC`. */
const moment = (at: EpochMs): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** An explanation for people: where each run is, why, and what would move it. */
export const renderExplanation = ({ gameDate, phase, now, handoffs }: PhaseExplanation): string =>
  [`${pc.bold(`${phase} of ${gameDate}`)}, as of ${moment(now)}`, ...handoffs.map(renderHandoff)].join('\n\n');

function renderHandoff(handoff: Handoff): string {
  const { from, to, flow, state, games, dueAt, graceEndsAt, verdict, coverage, reasons, releases, moves } = handoff;
  const head = `${from} → ${to} (${flow}): ${colours[state](state)}`;
  const facts = [
    `games     ${games.expected} expected${games.postponed === 0 ? '' : `, ${games.postponed} postponed`}`,
    `due       ${moment(dueAt)}, grace until ${moment(graceEndsAt)}`,
    `gate now  ${verdict}, coverage ${Math.round(coverage * 100)} %${reasons.length === 0 ? '' : `: ${groupedByOutput(reasons)}`}`,
  ];
  const released = releases.length === 0 ? [] : [table(
    ['revision', 'released', 'gate', 'games', 'missing', 'message'],
    releases.map((release) => [String(release.revision), moment(release.releasedAt), release.verdict, String(release.games.length), groupedByOutput(release.missing) || '-', release.messageId ?? 'not published']),
    [0, 3],
  )];
  if (moves.length === 0) return [head, facts.join('\n'), ...released, 'Nothing moves it any more: its games have tipped off or left the slate.'].join('\n');
  const moving = ['What would move it', ...moves.map(({ what, at }) => `- ${what}${at === undefined ? '' : `, ${moment(at)}`}`)].join('\n');
  return [head, facts.join('\n'), ...released, moving].join('\n');
}
