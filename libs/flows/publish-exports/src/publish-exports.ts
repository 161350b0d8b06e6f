import { exportCacheSeconds, exportNames, type ExportName } from '@handoff/catalogue';
import { hashOf, type Completion, type GameDate, type PhaseRun, type PhaseTriggered, type PublicationRow, type Row } from '@handoff/contracts';
import { announceOutputs, recordsOf } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Parameters, Ports, StateDocument, StateStore } from '@handoff/ports';
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
    const through = await publishedThrough(ports.state, `${trigger.sport}_${trigger.flow}`, run.gameDate);
    const inputs = await loadInputs(run, through, ports);
    for (const name of names) completions.push(await publish(exportMakers[name](inputs), inputs, ports));
  }
  const [first] = trigger.runs;
  if (first !== undefined) await announceOutputs({ ...trigger, phase: 'phase6-publish', sourceVersionAt: first.sourceVersionAt }, completions, context);
  return { outcome: 'published', facts: { files: completions.length, flow: trigger.flow }, ended: recordsOf({ phase: 'phase6-publish', flow: trigger.flow, runs: trigger.runs, startedAt, completions }) };
}

interface PublishedDocument extends StateDocument {
  readonly through: GameDate;
}

/** The newest date that a flow has published, this one included: an older slate that is graded late does not take readers back. */
async function publishedThrough(state: StateStore, id: string, date: GameDate): Promise<GameDate> {
  const ref = { collection: 'published_through', id };
  return state.transact([ref], ([known]) => {
    const before = (known?.value as PublishedDocument | undefined)?.through;
    if (before !== undefined && before >= date) return { writes: [], result: before };
    return { writes: [{ kind: 'set', ref, value: { through: date } satisfies PublishedDocument }], result: date };
  });
}

async function loadInputs(run: PhaseRun, through: GameDate, ports: Ports): Promise<ExportInputs> {
  const { warehouse } = ports;
  const date: Parameters = { game_date: { type: 'DATE', value: run.gameDate } };
  const season: Parameters = { season_start: { type: 'DATE', value: seasonStart(seasonYearOf(through)) }, game_date: { type: 'DATE', value: through } };
  return {
    run,
    through,
    slate: await loadSlate(ports, run.gameDate),
    predictions: await warehouse.query<Row>({ name: 'publish-exports/active-predictions', text: activePredictions }, date),
    graded: await warehouse.query<Row>({ name: 'publish-exports/graded-predictions', text: gradedPredictions }, date),
    performance: await warehouse.query<Row>({ name: 'publish-exports/performance-to-date', text: performanceToDate }, season),
  };
}

async function publish(file: ExportFile, { run, through }: ExportInputs, { objects, warehouse, clock }: Ports): Promise<Completion> {
  const text = JSON.stringify(file.content);
  const contentHash = hashOf(text);
  const paths = file.latestPath !== undefined && run.gameDate === through ? [file.path, file.latestPath] : [file.path];
  for (const path of paths) {
    await objects.put(`${root}/${path}`, new TextEncoder().encode(text), { contentType: 'application/json', cacheSeconds: exportCacheSeconds[file.name] });
  }
  const publishedAt = clock.now();
  const rows = paths.map((path): PublicationRow => ({
    game_date: run.gameDate, flow: exportNames[file.name], export_name: file.name, object_path: `${root}/${path}`, item_count: file.items, content_hash: contentHash, run_id: run.releaseId, revision: run.revision, published_at: publishedAt,
  }));
  await warehouse.merge({ table: 'nba_orchestration.publications', rows });
  return { gameDate: run.gameDate, output: `exports/${file.name}`, scope: 'slate', contentHash, rowCount: file.items };
}
