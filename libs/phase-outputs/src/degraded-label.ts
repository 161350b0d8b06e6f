import type { GameDate, PhaseRun, TableDefinition } from '@handoff/contracts';
import type { Ports, StateDocument, StateRef, StateStore } from '@handoff/ports';

/** `upgraded_outputs`: the newest revision at which nothing was missing any more of a table's date. */
interface UpgradedDocument extends StateDocument {
  readonly revision: number;
}

const refOf = (table: TableDefinition, date: GameDate): StateRef => ({ collection: 'upgraded_outputs', id: `${date}_${table.name}` });

/** The runs, without the label where their date was upgraded by a later revision: what a run lacked has come by now. */
export function withoutUpgradedLabel(state: StateStore, table: TableDefinition, runs: readonly PhaseRun[]): Promise<readonly PhaseRun[]> {
  return Promise.all(runs.map(async (run) => (run.isDegraded && (await isUpgraded(state, table, run)) ? { ...run, isDegraded: false } : run)));
}

/**
 * Takes the label off once the runs' rows are written: the rows that went ahead without what was missing are as good
 * as the rest now, and are not made again. The upgrade is noted first, and a degraded run looks for the note after
 * its rows: so whichever of the two is the later one clears the label.
 */
export async function settleLabels({ warehouse, state }: Pick<Ports, 'warehouse' | 'state'>, table: TableDefinition, runs: readonly PhaseRun[]): Promise<void> {
  for (const run of runs) {
    if (run.upgrades) await noteUpgrade(state, table, run);
    else if (!run.isDegraded || !(await isUpgraded(state, table, run))) continue;
    const text = `UPDATE \`${table.name}\` SET is_degraded = FALSE WHERE ${table.partition} = @date AND is_degraded AND revision <= @revision`;
    await warehouse.execute({ name: `phase-outputs/clear-label ${table.name}`, text }, { date: { type: 'DATE', value: run.gameDate }, revision: { type: 'INT64', value: run.revision } });
  }
}

async function isUpgraded(state: StateStore, table: TableDefinition, { gameDate, revision }: PhaseRun): Promise<boolean> {
  const known = await state.get<UpgradedDocument>(refOf(table, gameDate));
  return known !== undefined && known.value.revision > revision;
}

async function noteUpgrade(state: StateStore, table: TableDefinition, { gameDate, revision }: PhaseRun): Promise<void> {
  const ref = refOf(table, gameDate);
  await state.transact([ref], ([known]) => {
    const isKnown = known !== undefined && (known.value as UpgradedDocument).revision >= revision;
    return { writes: isKnown ? [] : [{ kind: 'set', ref, value: { revision } satisfies UpgradedDocument }], result: undefined };
  });
}
