import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@handoff/clock-virtual';
import { openEmbedded, type EmbeddedSystem } from '@handoff/composition/embedded';
import { parseInstant, type ScrapeRequested } from '@handoff/contracts';
import { createLog } from '@handoff/logging';
import type { FlowContext } from '@handoff/ports';
import { RecordedSource, type RecordedSeason } from '@handoff/sources-recorded';

/** The embedded profile in a folder of its own, whose subscriptions deliver to nobody: flows are called by hand. */
export interface Workbench {
  readonly system: EmbeddedSystem;
  readonly source: RecordedSource;
  readonly context: FlowContext;
  close(): Promise<void>;
}

export async function openWorkbench(season: RecordedSeason, now: string): Promise<Workbench> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-bench-'));
  const clock = new VirtualClock(parseInstant(now));
  const source = new RecordedSource(season, clock);
  const log = createLog({ level: 'silent', clock, stream: process.stderr });
  const system = await openEmbedded({ folder, clock, sources: source, log });
  return {
    system, source,
    context: { ports: system.ports, log, correlationId: 'bench' },
    async close() {
      await system.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A request as the history loader writes it. */
export const historyRequest = (scraper: string, gameDate: ScrapeRequested['gameDate'], untilDate: ScrapeRequested['untilDate'], now: ScrapeRequested['requestedAt']): ScrapeRequested => ({
  sport: 'nba', purpose: 'history', requestId: `bench_${scraper}_${gameDate}`, decisionId: 'bench', workflow: 'backfill', scraper, gameDate, untilDate, requestedAt: now,
});
