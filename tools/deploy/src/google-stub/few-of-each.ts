import type { Part, Step } from '../step.ts';

/** How many steps of a kind are run: one command more shows nothing new, and takes a second. */
const stepsOfKind = 2;
/** Of these one: each has looks of its own, or brings topics with it. */
const costly: ReadonlySet<Part> = new Set<Part>(['secrets', 'subscriptions']);

/** Steps that are made by the same command and are to show the same fields are of a kind. */
function kindOf({ part, name, create, wanted }: Step): string {
  const words = create[0]?.argv.filter((word) => !word.startsWith('-') && !name.includes(word)).slice(0, 4) ?? [];
  return JSON.stringify([part, words, Object.keys(wanted[0] ?? {})]);
}

/** Some steps of each kind, in their order, with the topics that the subscriptions among them need; without tables, which bq makes. */
export function fewOfEach(steps: readonly Step[]): readonly Step[] {
  const counts = new Map<string, number>();
  const some = new Set(steps.filter((step) => {
    const kind = kindOf(step);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return step.part !== 'tables' && step.part !== 'topics' && (counts.get(kind) ?? 0) <= (costly.has(step.part) ? 1 : stepsOfKind);
  }));
  const flags = new Set([...some].flatMap(({ part, create }) => (part === 'subscriptions' ? create.flatMap(({ argv }) => argv) : [])));
  const isNeeded = ({ part, name }: Step): boolean => part === 'topics' && ['topic', 'dead-letter-topic'].some((flag) => flags.has(`--${flag}=${name.replace('topic ', '')}`));
  return steps.filter((step) => some.has(step) || isNeeded(step));
}
