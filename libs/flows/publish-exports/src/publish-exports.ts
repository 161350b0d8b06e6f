import { exportCacheSeconds, exportNames, type ExportName } from '@handoff/catalogue';
import { hashOf, type Completion, type PhaseRun, type PhaseTriggered, type PublicationRow, type Row } from '@handoff/contracts';
import { announceOutputs, logExecutions } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Parameters, Ports } from '@handoff/ports';
import { loadSlate } from '@handoff/read-models';
import { seasonStart, seasonYearOf } from '@handoff/slate';
import activePredictions from './active-predictions.sql';
import { exportMakers, type ExportFile, type ExportInputs } from './exports.ts';
import gradedPredictions from './graded-predictions.sql';
import performanceToDate from './performance-to-date.sql';

const root = 'publications/v1';

/** Publishes the files of a flow for each run, then notes what was published: the file first, so that no note is of nothing. */
export async function publishExports(trigger: PhaseTriggered, context: FlowContext): Promise<FlowReport> {
  const { ports } = context;
  const startedAt = ports.clock.now();
  const names = (Object.keys(exportNames) as ExportName[]).filter((name) => exportNames[name] === trigger.flow);
  const completions: Completion[] = [];
  for (const run of trigger.runs) {
    const inputs = await loadInputs(run, ports);
    for (const name of names) completions.push(await publish(exportMakers[name](inputs), run, ports));
  }
  await logExecutions(ports.warehouse, { phase: 'phase6-publish', flow: trigger.flow, runs: trigger.runs, startedAt, endedAt: ports.clock.now(), completions });
  const [first] = trigger.runs;
  if (first !== undefined) await announceOutputs({ ...trigger, phase: 'phase6-publish', sourceVersionAt: first.sourceVersionAt }, completions, context);
  return { outcome: 'published', facts: { files: completions.length, flow: trigger.flow } };
}

async function loadInputs(run: PhaseRun, ports: Ports): Promise<ExportInputs> {
  const { warehouse } = ports;
  const date: Parameters = { game_date: { type: 'DATE', value: run.gameDate } };
  const season: Parameters = { ...date, season_start: { type: 'DATE', value: seasonStart(seasonYearOf(run.gameDate)) } };
  return {
    run,
    slate: await loadSlate(ports, run.gameDate),
    predictions: await warehouse.query<Row>({ name: 'publish-exports/active-predictions', text: activePredictions }, date),
    graded: await warehouse.query<Row>({ name: 'publish-exports/graded-predictions', text: gradedPredictions }, date),
    performance: await warehouse.query<Row>({ name: 'publish-exports/performance-to-date', text: performanceToDate }, season),
  };
}

async function publish(file: ExportFile, run: PhaseRun, { objects, warehouse, clock }: Ports): Promise<Completion> {
  const text = JSON.stringify(file.content);
  const contentHash = hashOf(text);
  for (const path of file.paths) {
    await objects.put(`${root}/${path}`, new TextEncoder().encode(text), { contentType: 'application/json', cacheSeconds: exportCacheSeconds[file.name] });
  }
  const publishedAt = clock.now();
  const rows = file.paths.map((path): PublicationRow => ({
    game_date: run.gameDate, flow: exportNames[file.name], export_name: file.name, object_path: `${root}/${path}`, item_count: file.items, content_hash: contentHash, run_id: run.releaseId, revision: run.revision, published_at: publishedAt,
  }));
  await warehouse.merge({ table: 'nba_orchestration.publications', rows });
  return { gameDate: run.gameDate, output: `exports/${file.name}`, scope: 'slate', contentHash, rowCount: file.items };
}
