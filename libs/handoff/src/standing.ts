import type { Output } from '@handoff/catalogue';
import { before, pairOf, type OfficialGameId } from '@handoff/contracts';
import type { GateInput, RecordedCompletion } from './gate.ts';

/**
 * How an (output, scope) pair stands.
 *
 * | state | the pair | while there is time | after the grace |
 * |---|---|---|---|
 * | present | is there | counts whole | counts whole |
 * | partial | has fewer rows than its inputs ask for, but enough | is waited for | goes ahead, counts by its share |
 * | unusable | is too old, too poor, or too small a part | is waited for | counts as nothing |
 * | absent | has not completed | is waited for | counts as nothing |
 */
export interface PairStanding {
  readonly output: Output;
  readonly scope: string;
  readonly state: 'present' | 'partial' | 'unusable' | 'absent';
  /** What is there of what is asked for, 0 to 1. */
  readonly share: number;
  /** Why it is not present: `missing`, `stale`, `quality-below-50`, `partial`. */
  readonly why: string;
}

/** How all that a gate asks for stands. */
export interface Standing {
  readonly expected: readonly OfficialGameId[];
  /** Required pairs that are absent or unusable. */
  readonly missing: readonly PairStanding[];
  readonly partial: readonly PairStanding[];
  readonly softMissing: readonly string[];
  readonly coverage: number;
  /** True when every required output reaches its own minimum. */
  readonly isEnough: boolean;
}

/** Judges what is there of what is expected. `latest`: the newest completion of each pair. */
export function judge(input: GateInput, latest: ReadonlyMap<string, RecordedCompletion>): Standing {
  const expected = input.games.filter((game) => game.isExpected).map((game) => game.officialId);
  const standing = { expected, missing: [] as PairStanding[], partial: [] as PairStanding[], softMissing: [] as string[], coverage: 1, isEnough: true };
  for (const output of input.outputs) {
    if (output.need === 'alternative') continue;
    const pairs = standingsOf(output, expected, { input, latest });
    if (output.need === 'soft') standing.softMissing.push(...namesOf(pairs.filter(({ state }) => state === 'absent')));
    else if (pairs.length > 0) addRequired(standing, pairs, minimumOf(input, output));
  }
  return standing;
}

type Judging = { -readonly [Field in 'coverage' | 'isEnough']: Standing[Field] } & { readonly missing: PairStanding[]; readonly partial: PairStanding[] };

function addRequired(standing: Judging, pairs: readonly PairStanding[], minimum: number): void {
  let shares = 0;
  for (const pair of pairs) {
    shares += pair.share;
    if (pair.state === 'absent' || pair.state === 'unusable') standing.missing.push(pair);
    else if (pair.state === 'partial') standing.partial.push(pair);
  }
  const coverage = shares / pairs.length;
  standing.coverage = Math.min(standing.coverage, coverage);
  standing.isEnough &&= coverage >= minimum;
}

/** The input's own minimum where it has one; never more than the general one, which an operator may lower. */
const minimumOf = ({ transition: { policy } }: GateInput, { name }: Output): number => Math.min(policy.coverageMin, policy.coverageMinOf[name] ?? 1);

interface Judged {
  readonly input: GateInput;
  readonly latest: ReadonlyMap<string, RecordedCompletion>;
}

/** Each pair stands by the output's own completion, or by that of an alternative to it. */
function standingsOf(output: Output, expected: readonly OfficialGameId[], { input, latest }: Judged): readonly PairStanding[] {
  const standIns = [output, ...input.outputs.filter((other) => other.need === 'alternative' && other.alternativeOf === output.name)];
  const scopes: readonly string[] = output.scope === 'slate' ? ['slate'] : expected;
  return scopes.map((scope) => {
    for (const { name } of standIns) {
      const completion = latest.get(pairOf(name, scope));
      if (completion !== undefined) return standingBy(completion, { output, scope, input });
    }
    return { output, scope, state: 'absent', share: 0, why: 'missing' };
  });
}

interface CompletedPair {
  readonly output: Output;
  readonly scope: string;
  readonly input: GateInput;
}

function standingBy(completion: RecordedCompletion, { output, scope, input }: CompletedPair): PairStanding {
  const stand = (state: PairStanding['state'], share: number, why: string): PairStanding => ({ output, scope, state, share, why });
  if (output.need === 'soft') return stand('present', 1, 'present');
  const { policy } = input.transition;
  if (policy.freshForMs !== null && completion.sourceVersionAt < before(input.dueAt, policy.freshForMs)) return stand('unusable', 0, 'stale');
  if (completion.quality !== undefined && completion.quality < policy.qualityMin) return stand('unusable', 0, `quality-below-${policy.qualityMin}`);
  const share = shareOf(completion);
  if (share < minimumOf(input, output)) return stand('unusable', 0, 'partial');
  return share < policy.coverageMin ? stand('partial', share, 'partial') : stand('present', share, 'present');
}

const shareOf = ({ rowCount, expectedRowCount = 0 }: RecordedCompletion): number => (expectedRowCount === 0 ? 1 : Math.min(1, rowCount / expectedRowCount));

export const namesOf = (pairs: readonly PairStanding[]): string[] => pairs.map(({ output, scope }) => pairOf(output.name, scope));
/** Why each pair is not present: `missing:...`, `stale:...`, `quality-below-50:...`, `partial:...`. */
export const reasonsOf = (pairs: readonly PairStanding[]): string[] => pairs.map(({ why, output, scope }) => `${why}:${pairOf(output.name, scope)}`);
