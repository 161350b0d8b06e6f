import { outputNamed, type OutputName } from '@handoff/catalogue';
import type { EpochMs } from '@handoff/contracts';
import { unitKey } from '../outcome/read-contents.ts';
import type { LedgerEntry } from '../outcome/read-ledger.ts';
import type { Evidence } from './invariant.ts';

/** What a clean run has and this one has not, or has otherwise. */
export interface Harm {
  readonly entry: LedgerEntry;
  readonly recovery: 'convergent' | 'time-bound';
  /** How this run's ledger sees it. */
  readonly state: string;
  readonly kind: 'missing' | 'different';
}

const present: ReadonlySet<string> = new Set(['COMPLETE', 'DEGRADED']);
/** Files that tell of the runs themselves, their revisions for one, or of all dates up to the newest that was published: that they are there is all that can be equal. */
const aboutRuns: ReadonlySet<string> = new Set<OutputName>(['exports/status', 'exports/performance']);
/** Nobody misses what a source would have brought that is switched off, or that another has brought; nor what is made from predictions, of a game that was not predicted. */
const rightlyEmpty: ReadonlySet<string> = new Set(['source-not-enabled', 'alternative-source-has-it', 'primary-source-has-it', 'nothing-to-make-it-from']);
const isPresent = ({ state }: LedgerEntry): boolean => present.has(state);
const keyOf = ({ gameDate, output, scope }: LedgerEntry): string => unitKey(gameDate, output, scope);

/** Everything that ended otherwise than in the clean run, in the ledger's order. What a source would have brought that is switched off, or that another has brought, is missed by nobody. */
export function harmsOf({ run, clean }: Pick<Evidence, 'run' | 'clean'>): readonly Harm[] {
  const seen = new Map(run.ledger.map((entry) => [keyOf(entry), entry]));
  return clean.ledger.filter(isPresent).flatMap((expected): Harm[] => {
    const key = keyOf(expected);
    const entry = seen.get(key);
    const recovery = outputNamed(expected.output)?.recovery ?? 'convergent';
    if (entry !== undefined && entry.state === 'EMPTY_OK' && rightlyEmpty.has(entry.reason)) return [];
    const isThere = entry !== undefined && isPresent(entry) && run.contents.units[key] !== undefined;
    // What is said to be there without any rows in the clean run is judged by the ledger alone.
    const isSaid = entry !== undefined && isPresent(entry) && clean.contents.units[key] === undefined;
    if (!isThere && !isSaid) return [{ entry: entry ?? expected, recovery, state: entry?.state ?? 'not expected', kind: 'missing' }];
    return aboutRuns.has(expected.output) || run.contents.units[key] === clean.contents.units[key] ? [] : [{ entry, recovery, state: entry.state, kind: 'different' }];
  });
}

export const describeHarm = ({ entry, state, kind }: Harm): string => `${entry.gameDate} ${entry.output} ${entry.scope} is ${kind} (ledger: ${state}, ${entry.reason})`;

/** When the first of the harms was overdue. */
export const harmedAt = (harms: readonly Harm[]): EpochMs | undefined =>
  harms.reduce<EpochMs | undefined>((first, { entry }) => (first === undefined || entry.expectedBy < first ? entry.expectedBy : first), undefined);
