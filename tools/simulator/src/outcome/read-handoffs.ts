import { transitions } from '@handoff/catalogue';
import type { EpochMs, GameDate, Sport } from '@handoff/contracts';
import { releasesOf, type ReleaseDocument } from '@handoff/handoff-state';
import type { StateStore, Warehouse } from '@handoff/ports';
import { datesBetween } from '@handoff/slate';

/** One release of a phase run, as it is kept. */
export interface KeptRelease {
  readonly gameDate: string;
  readonly flow: string;
  readonly from: string;
  readonly to: string;
  readonly releaseId: string;
  readonly revision: number;
  readonly verdict: string;
  readonly coverage: number;
  readonly missing: readonly string[];
  readonly releasedAt: EpochMs;
  readonly isPublished: boolean;
}

export async function readReleases(state: StateStore, sport: Sport, from: GameDate, to: GameDate): Promise<readonly KeptRelease[]> {
  const found: KeptRelease[] = [];
  for (const gameDate of datesBetween(from, to)) {
    for (const transition of transitions) {
      const releases = await state.query<ReleaseDocument>({ collection: releasesOf({ sport, gameDate, flow: transition.flow, phase: transition.to }) });
      for (const { value } of releases) {
        found.push({
          gameDate, flow: transition.flow, from: transition.from, to: transition.to, releaseId: value.run.releaseId, revision: value.run.revision, verdict: value.verdict,
          coverage: value.coverage, missing: value.run.missing, releasedAt: value.releasedAt, isPublished: value.messageId !== null,
        });
      }
    }
  }
  return found;
}

/** One end of a phase run, as the history tells it; a run that ended twice is there twice. */
export interface ToldRun {
  readonly eventId: string;
  readonly runId: string;
  readonly phase: string;
  readonly status: string;
  readonly gameDate: string;
}

const text = "SELECT DISTINCT events.event_id, events.run_id, events.name, events.status, CAST(events.game_date AS STRING) AS game_date FROM `nba_orchestration.pipeline_event_log` AS events WHERE events.event_type = 'phase-run' AND events.game_date BETWEEN @from_date AND @until_date ORDER BY events.run_id, events.event_id";

export async function readToldRuns(warehouse: Warehouse, from: GameDate, to: GameDate): Promise<readonly ToldRun[]> {
  const rows = await warehouse.query<{ event_id: string; run_id: string; name: string; status: string; game_date: string }>(
    { name: 'simulator/phase-runs', text }, { from_date: { type: 'DATE', value: from }, until_date: { type: 'DATE', value: to } },
  );
  return rows.map((row) => ({ eventId: row.event_id, runId: row.run_id, phase: row.name, status: row.status, gameDate: row.game_date }));
}
