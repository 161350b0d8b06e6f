import { exportCacheSeconds, exportNames, type ExportName } from '@handoff/catalogue';
import { hashOf, type Completion, type GameDate, type PhaseRun, type PhaseTriggered, type PublicationRow, type Row } from '@handoff/contracts';
import { announceOutputs, recordsOf } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Parameters, Ports, StateDocument, StateStore } from '@handoff/ports';
import { loadSlate } from '@handoff/read-models';
import { seasonStart, seasonYearOf } from '@handoff/slate';
import activePredictions from './active-predictions.sql';
import { exportMakers, type ExportFile, type ExportInputs } from './exports.ts';
import { claimFile } from './file-claims.ts';
import gradedPredictions from './graded-predictions.sql';
import performanceToDate from './performance-to-date.sql';
import { settleScores } from './settle-scores.ts';

const root = 'publications/v1';

/**
 * Publishes the files of a flow for each run, then notes what was published: the file first, so that no note is of
 * nothing. A file that a later revision publishes is left to it, and completes nothing.
 */
export async function publishExports(trigger: PhaseTriggered, context: FlowContext): Promise<FlowReport> {
  const { ports } = context;
  const startedAt = ports.clock.now();
  const names = (Object.keys(exportNames) as ExportName[]).filter((name) => exportNames[name] === trigger.flow);
  const completions: Completion[] = [];
  for (const run of trigger.runs) {
    const inputs = await loadInputs(trigger, run, ports);
    for (const name of names) completions.push(...(await publish(name, inputs, { trigger, ports })));
  }
  const [first] = trigger.runs;
  if (first !== undefined) await announceOutputs({ ...trigger, phase: 'phase6-publish', sourceVersionAt: first.sourceVersionAt }, completions, context);
  return { outcome: 'published', facts: { files: completions.length, superseded: names.length * trigger.runs.length - completions.length, flow: trigger.flow }, ended: recordsOf({ phase: 'phase6-publish', flow: trigger.flow, runs: trigger.runs, startedAt, completions }) };
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

async function loadInputs({ sport, flow }: PhaseTriggered, run: PhaseRun, ports: Ports): Promise<ExportInputs> {
  const { warehouse, state } = ports;
  const through = await publishedThrough(state, `${sport}_${flow}`, run.gameDate);
  const slate = await loadSlate(ports, run.gameDate);
  const date: Parameters = { game_date: { type: 'DATE', value: run.gameDate } };
  const season: Parameters = { season_start: { type: 'DATE', value: seasonStart(seasonYearOf(through)) }, game_date: { type: 'DATE', value: through } };
  return {
    run,
    through,
    slate: flow === 'postgame' ? await settleScores(slate, run.gameDate, ports) : slate,
    predictions: await warehouse.query<Row>({ name: 'publish-exports/active-predictions', text: activePredictions }, date),
    graded: await warehouse.query<Row>({ name: 'publish-exports/graded-predictions', text: gradedPredictions }, date),
    performance: await warehouse.query<Row>({ name: 'publish-exports/performance-to-date', text: performanceToDate }, season),
  };
}

interface Publishing {
  readonly trigger: PhaseTriggered;
  readonly ports: Ports;
}

/**
 * Publishes one file, unless a later revision has claimed it. One that claimed it while the file was put may have put
 * its own before: the file is made for that one again, of data at least as new, until nobody has come in between.
 */
async function publish(name: ExportName, inputs: ExportInputs, { trigger, ports }: Publishing): Promise<readonly Completion[]> {
  const { run } = inputs;
  const ref = { collection: 'published_files', id: `${trigger.sport}_${trigger.flow}_${run.gameDate}_${name}` };
  const newest = (): Promise<PhaseRun> => claimFile(ports.state, ref, run);
  let claimed = await newest();
  if (claimed.revision > run.revision) return [];
  const stored = await store(exportMakers[name](inputs), inputs, ports);
  for (let next = await newest(); next.revision > claimed.revision; next = await newest()) {
    claimed = next;
    const later = await loadInputs(trigger, claimed, ports);
    await store(exportMakers[name](later), later, ports);
  }
  return claimed.revision > run.revision ? [] : note(stored, run, ports);
}

interface StoredFile {
  readonly file: ExportFile;
  readonly paths: readonly string[];
  readonly contentHash: string;
}

async function store(file: ExportFile, { run, through }: ExportInputs, { objects }: Ports): Promise<StoredFile> {
  const text = JSON.stringify(file.content);
  const paths = file.latestPath !== undefined && run.gameDate === through ? [file.path, file.latestPath] : [file.path];
  for (const path of paths) {
    await objects.put(`${root}/${path}`, new TextEncoder().encode(text), { contentType: 'application/json', cacheSeconds: exportCacheSeconds[file.name] });
  }
  return { file, paths, contentHash: hashOf(text) };
}

async function note({ file, paths, contentHash }: StoredFile, run: PhaseRun, { warehouse, clock }: Ports): Promise<readonly Completion[]> {
  const publishedAt = clock.now();
  const rows = paths.map((path): PublicationRow => ({
    game_date: run.gameDate, flow: exportNames[file.name], export_name: file.name, object_path: `${root}/${path}`, item_count: file.items, content_hash: contentHash, run_id: run.releaseId, revision: run.revision, published_at: publishedAt,
  }));
  const { superseded = [] } = await warehouse.merge({ table: 'nba_orchestration.publications', rows, order: { column: 'revision', value: run.revision, unit: 'object_path' } });
  if (superseded.some(({ unit }) => paths.some((path) => unit === `${root}/${path}`))) return [];
  return [{ gameDate: run.gameDate, output: `exports/${file.name}`, scope: 'slate', contentHash, rowCount: file.items }];
}
