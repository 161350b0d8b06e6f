import { outputs, transitions } from '@handoff/catalogue';
import { isoInstant, type Flow, type GameDate, type GateOutcome, type Phase, type Sport } from '@handoff/contracts';
import { handoffRef, releasesOf, type HandoffDocument, type ReleaseDocument } from '@handoff/handoff-state';
import type { Ports, StateStore, Warehouse } from '@handoff/ports';
import { loadSlates } from '@handoff/read-models';
import { datesBetween, type SlateGame } from '@handoff/slate';
import { reportGrading, reportOutputs, reportPredictions, type DateGrading, type DateOutput, type DatePredictions } from './report-queries.ts';

/** What `handoff replay --json` prints. */
export interface ReplayReport {
  readonly schema: 'handoff.replay/1';
  readonly sport: Sport;
  readonly from: GameDate;
  readonly to: GameDate;
  readonly wallSeconds: number;
  readonly simulatedHours: number;
  readonly dates: readonly DateReport[];
  readonly handoffs: readonly HandoffReport[];
}

export interface DateReport {
  readonly gameDate: GameDate;
  readonly games: {
    /** Games ever planned for the date: moved out included, moved in excluded. */
    readonly scheduled: number;
    /** Moved-in games included. */
    readonly final: number;
    readonly postponed: readonly string[];
    readonly movedIn: readonly string[];
  };
  readonly phases: readonly { readonly phase: Phase; readonly flow: Flow; readonly status: string; readonly revision: number }[];
  readonly outputs: readonly DateOutput[];
  readonly predictions: DatePredictions;
  readonly grading: DateGrading;
}

export interface HandoffReport {
  readonly from: Phase;
  readonly to: Phase;
  readonly gameDate: GameDate;
  readonly flow: Flow;
  readonly revision: number;
  readonly messageId: string;
  readonly releasedAt: string;
  readonly gate: GateOutcome;
}

type Frame = Pick<ReplayReport, 'sport' | 'from' | 'to' | 'simulatedHours'>;

/** Reads the outcome of a replay back from the stores: what is there, not what was meant to be. */
export async function buildReport({ ports }: { readonly ports: Ports }, frame: Frame): Promise<Omit<ReplayReport, 'wallSeconds'>> {
  const { warehouse, state } = ports;
  const slates = await loadSlates(ports, frame.from, frame.to);
  const dates: DateReport[] = [];
  const handoffs: HandoffReport[] = [];
  for (const gameDate of datesBetween(frame.from, frame.to)) {
    const slate = slates.get(gameDate) ?? [];
    const ofDate = await handoffsOf(state, frame.sport, gameDate);
    handoffs.push(...ofDate.flatMap(({ releases }) => releases));
    dates.push({
      gameDate,
      games: countGames(slate),
      phases: phasesOf(ofDate.map(({ standing }) => standing), await executionsOf(warehouse, gameDate)),
      outputs: await reportOutputs(warehouse, gameDate),
      predictions: await reportPredictions(warehouse, gameDate),
      grading: await reportGrading(warehouse, gameDate),
    });
  }
  return { schema: 'handoff.replay/1', ...frame, dates, handoffs };
}

function countGames(slate: readonly SlateGame[]): DateReport['games'] {
  return {
    scheduled: slate.filter((game) => !game.movedIn).length,
    final: slate.filter((game) => game.status === 'final').length,
    postponed: slate.filter((game) => game.status === 'postponed').map((game) => game.officialId),
    movedIn: slate.filter((game) => game.movedIn && game.status !== 'postponed').map((game) => game.officialId),
  };
}

interface DateHandoff {
  readonly standing: HandoffDocument | undefined;
  readonly releases: readonly HandoffReport[];
}

async function handoffsOf(state: StateStore, sport: Sport, gameDate: GameDate): Promise<readonly DateHandoff[]> {
  const found: DateHandoff[] = [];
  for (const { from, to, flow } of transitions) {
    const key = { sport, gameDate, flow, phase: to };
    const standing = await state.get<HandoffDocument>(handoffRef(key));
    const releases = await state.query<ReleaseDocument>({ collection: releasesOf(key) });
    found.push({
      standing: standing?.value,
      releases: releases.map(({ value: { run, verdict, coverage, reasons, releasedAt, messageId } }) => ({
        from, to, gameDate, flow, revision: run.revision, messageId: messageId ?? '', releasedAt: isoInstant(releasedAt), gate: { verdict, coverage, reasons: [...reasons] },
      })),
    });
  }
  return found;
}

interface Execution extends Record<string, unknown> {
  readonly phase_name: string;
  readonly flow: string;
  readonly status: string;
  readonly revision: number;
}

function executionsOf(warehouse: Warehouse, gameDate: GameDate): Promise<readonly Execution[]> {
  const text = 'SELECT runs.phase_name, runs.flow, runs.status, runs.revision FROM `nba_orchestration.phase_execution_log` AS runs WHERE runs.game_date = @game_date ORDER BY runs.revision';
  return warehouse.query<Execution>({ name: 'report/executions', text }, { game_date: { type: 'DATE', value: gameDate } });
}

/** A phase that has run says so in the log; phase 2 is judged by the gate behind it. */
function phasesOf(standings: readonly (HandoffDocument | undefined)[], executions: readonly Execution[]): DateReport['phases'] {
  const pairs = new Map(outputs.map(({ phase, flow }) => [`${phase}/${flow}`, { phase, flow }]));
  return [...pairs.values()].map(({ phase, flow }) => {
    const run = executions.filter((execution) => execution.phase_name === phase && execution.flow === flow).at(-1);
    if (run !== undefined) return { phase, flow, status: run.status, revision: run.revision };
    const behind = standings.find((standing) => standing?.from === phase && standing.flow === flow);
    return { phase, flow, status: statusOf(behind?.verdict), revision: behind?.revision ?? 0 };
  });
}

function statusOf(verdict: string | undefined): string {
  switch (verdict) {
    case 'release':
      return 'complete';
    case 'release-degraded':
      return 'degraded';
    case 'block':
      return 'blocked';
    case 'wait':
      return 'collecting';
    default:
      return 'not-started';
  }
}
