import type { DateReport, HandoffReport, ReplayReport } from '@handoff/local';
import pc from 'picocolors';
import { table } from './table.ts';

const colours: Readonly<Record<string, (text: string) => string>> = { COMPLETE: pc.green, EMPTY_OK: pc.dim, DEGRADED: pc.yellow, EXPECTED: pc.yellow, MISSED: pc.red, FAILED: pc.red };
const coloured = (state: string): string => (colours[state] ?? pc.reset)(state);

/** What a replay came to, for people: games, outputs, predictions, grading, hand-offs. */
export function renderSummary(report: ReplayReport): string {
  const perDate = report.dates.length > 1 ? [overview(report.dates)] : report.dates.flatMap(dateSections);
  const played = `${report.simulatedHours} simulated hours in ${report.wallSeconds.toFixed(1)} s`;
  return ['', ...perDate, systems(report.dates), handoffs(report.handoffs), pc.dim(played)].join('\n\n');
}

function dateSections({ gameDate, games, outputs, predictions, phases }: DateReport): string[] {
  const counts = [`${games.scheduled} scheduled`, `${games.final} final`, ...named('postponed', games.postponed), ...named('moved in', games.movedIn)];
  return [
    `${pc.bold(`Games of ${gameDate}`)}\n${counts.join(', ')}`,
    `${pc.bold('Outputs')}\n${table(['output', 'phase', 'flow', 'state', 'games', 'rows'], outputs.map((output) => [output.output, output.phase, output.flow, coloured(output.state), `${output.gamesPresent}/${output.gamesExpected}`, String(output.rows)]), [4, 5])}`,
    `${pc.bold('Phases')}\n${phases.map((phase) => `${phase.phase} (${phase.flow}) ${phase.status}, revision ${phase.revision}`).join('\n')}`,
    `${pc.bold('Predictions')}\n${predictions.rows} active rows for ${predictions.players} players by ${predictions.systems.length} systems, ${predictions.withLine} with a line, ${predictions.rows - predictions.withLine} without; ${predictions.unusableLines} lines came too late to be used`,
  ];
}

const named = (what: string, ids: readonly string[]): string[] => (ids.length === 0 ? [] : [`${ids.length} ${what} (${ids.join(', ')})`]);

function overview(dates: readonly DateReport[]): string {
  const rows = dates.map(({ gameDate, games, outputs, predictions, grading }) => {
    const postgame = outputs.filter(({ flow, state }) => flow === 'postgame' && state !== 'EMPTY_OK');
    const least = postgame.reduce((smallest, output) => (output.gamesPresent / Math.max(1, output.gamesExpected) < smallest.gamesPresent / Math.max(1, smallest.gamesExpected) ? output : smallest), postgame[0] ?? { gamesPresent: 0, gamesExpected: 0 });
    const worst = outputs.find(({ state }) => state === 'FAILED' || state === 'MISSED')?.state ?? (outputs.some(({ state }) => state === 'DEGRADED') ? 'DEGRADED' : 'COMPLETE');
    return [gameDate, String(games.scheduled), String(games.final), String(games.postponed.length), `${least.gamesPresent}/${least.gamesExpected}`, String(predictions.rows), String(predictions.withLine), String(grading.graded), String(grading.voided), coloured(worst)];
  });
  return `${pc.bold('Slates')}\n${table(['date', 'scheduled', 'final', 'postponed', 'postgame', 'predictions', 'with line', 'graded', 'voided', 'state'], rows, [1, 2, 3, 4, 5, 6, 7, 8])}`;
}

/** Mean absolute error over all graded rows; the win rate is over picks against a real line that counts. */
function systems(dates: readonly DateReport[]): string {
  const names = [...new Set(dates.flatMap(({ grading }) => grading.bySystem.map(({ system }) => system)))].sort();
  const rows = names.map((name) => {
    const own = dates.flatMap(({ grading }) => grading.bySystem.filter(({ system }) => system === name));
    const graded = own.reduce((sum, one) => sum + one.graded, 0);
    const mae = own.reduce((sum, one) => sum + (one.mae ?? 0) * one.graded, 0) / Math.max(1, graded);
    const picks = own.reduce((sum, one) => sum + one.picks, 0);
    const won = own.reduce((sum, one) => sum + Math.round((one.winRate ?? 0) * one.picks), 0);
    const winRate = picks === 0 ? 'no picks' : `${((100 * won) / picks).toFixed(1)} % (${won} of ${picks})`;
    return [name, String(graded), mae.toFixed(2), winRate];
  });
  return `${pc.bold('Systems')}\n${rows.length === 0 ? 'nothing was graded' : table(['system', 'graded', 'MAE', 'win rate'], rows, [1, 2, 3])}`;
}

function handoffs(list: readonly HandoffReport[]): string {
  if (list.length > 60) return `${pc.bold('Hand-offs')}\n${list.length} releases`;
  const rows = list.map(({ from, to, gameDate, flow, revision, releasedAt, gate }) => [
    `${from} → ${to}`, gameDate, flow, String(revision), releasedAt.slice(0, 16).replace('T', ' '), gate.verdict === 'release' ? pc.green(gate.verdict) : pc.yellow(gate.verdict), `${(100 * gate.coverage).toFixed(0)} %`, groupedByOutput(gate.reasons),
  ]);
  return `${pc.bold('Hand-offs')}\n${table(['hand-off', 'date', 'flow', 'revision', 'released (UTC)', 'gate', 'coverage', 'reasons'], rows, [3, 6])}`;
}

/** Reasons by kind: thirteen missing pairs are one fact to a reader. */
export function groupedByOutput(reasons: readonly string[]): string {
  const kinds = new Map<string, number>();
  for (const reason of reasons) {
    const kind = reason.split('|')[0] ?? reason;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, count]) => (count > 1 ? `${kind} (${count})` : kind)).join(', ');
}
