import { hashOf, type Completion, type Flow, type GameDate, type Phase, type PhaseRun, type PhaseTriggered, type Sport } from '@handoff/contracts';

/** The phase run that completions of a date are gathered for: the hand-off into `phase`. */
export interface HandoffKey {
  readonly sport: Sport;
  readonly gameDate: GameDate;
  readonly flow: Flow;
  /** The phase that is started. */
  readonly phase: Phase;
}

/** `nba_2026-01-24_postgame_phase3`: the document under which a hand-off keeps its state. */
export const handoffId = (key: HandoffKey): string => `${key.sport}_${key.gameDate}_${key.flow}_${key.phase}`;

/** `nba_2026-01-24_postgame_phase3_r1`: the deterministic id of a release. */
export const releaseId = (key: HandoffKey, revision: number): string => `${handoffId(key)}_r${revision}`;

/** The id of a trigger message: the release's own, or a digest of several when history is loaded in bulk. */
export function triggerId(releaseIds: readonly string[]): string {
  const [only] = releaseIds;
  if (only !== undefined && releaseIds.length === 1) return only;
  return `bundle_${hashOf(releaseIds.join('\n')).slice(0, 32)}`;
}

/** The message that starts runs of a phase. Its id is also its key: made again from the same releases it is the same message. */
export const triggerOf = (runs: readonly PhaseRun[], of: Pick<PhaseTriggered, 'sport' | 'purpose' | 'phase' | 'flow'>): PhaseTriggered => ({ ...of, triggerId: triggerId(runs.map(({ releaseId: id }) => id)), runs: [...runs] });

/**
 * The id of a completion among those of its hand-off, whose collection tells sport, date and flow: what it says, not
 * who said it or how often. The execution id is a field of the document, so a repetition by another run is the same
 * completion. No digest: people read it, and a digest costs as much as the rest of recording one. Nor a slash, which
 * outputs that are files have, and the ids of documents may not.
 */
export const completionId = ({ output, scope, contentHash }: Completion): string => `${output.replaceAll('/', '.')}|${scope}|${contentHash}`;
