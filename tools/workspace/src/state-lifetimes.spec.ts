import type { BreakerDocument } from '@handoff/breakers';
import { expiringCollections, functionNames, stateLifetimeOf, stateLifetimes, tables } from '@handoff/catalogue';
import { days } from '@handoff/contracts';
import type { DeadLetterDocument } from '@handoff/dead-letters';
import type { GapDocument } from '@handoff/gap-ledger';
import { claimRef } from '@handoff/handoff-state';
import type { Incident } from '@handoff/incidents';
import { outboxCollections } from '@handoff/outbox';
import { openBatches, type BatchDocument } from '@handoff/prediction-batches';
import type { RetryDocument } from '@handoff/retry-queue';
import type { ConflictDocument } from '@handoff/streaming-conflicts';
import { describe, expect, it } from 'vitest';
import { readWorkspaceFile, sourceFiles } from './workspace-files.ts';

/** What takes the name of a collection from whoever asks, or is there for tests and measurements. */
const passesOn = /^(libs\/adapters\/state-|libs\/ports\/|libs\/testing\/|libs\/catalogue\/|tools\/(local|bench|simulator|workspace|cli)\/|libs\/composition\/src\/killed-writer\.ts)/;
const files = sourceFiles().filter((path) => !passesOn.test(path)).map((path) => ({ path, text: readWorkspaceFile(path) }));

/** The text of a template, with `<…>` for what is put in. */
const patternOf = (template: string): string => template.replaceAll(/\$\{[^}]*\}/g, '<any>');

/** The names that an expression may stand for; undefined where it cannot be told from the source. */
function namesOf(expression: string, text: string): readonly string[] | undefined {
  const literal = /^['`]([^'`]*)['`]$/.exec(expression)?.[1];
  if (literal !== undefined) return [patternOf(literal)];
  const choice = /^.+ \? (\S+) : (\S+)$/.exec(expression);
  if (choice !== null) return [choice[1] ?? '', choice[2] ?? ''].flatMap((one) => namesOf(one, text) ?? [`not told by ${one}`]);
  const [name = '', member] = expression.replace(/\(.*$/s, '').split('.');
  const declared = new RegExp(`const ${name}(?:: [A-Z]\\w*)? = (?:\\([^)]*\\): string => )?([^(].*);`, 'g');
  for (const source of [text, ...files.map((file) => file.text)]) {
    for (const [, value = ''] of source.matchAll(declared)) {
      const found = namesOf(member === undefined ? value : (new RegExp(`${member}: ('[^']*')`).exec(value)?.[1] ?? ''), '');
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Every collection that a source names where it names a document, and where that is. */
const named = files.flatMap(({ path, text }) => [...text.matchAll(/\{ (?:[^{}\n]*, )?collection(?:: ((?:[^,(){}]|\([^()]*\)|\{[^{}]*\})+?))?(?=,| \})/g)].flatMap(([whole, expression]) => {
  if (/string/.test(expression ?? '') || /[({]\s*(const|readonly) /.test(whole)) return [];
  return (namesOf(expression ?? 'collection', text) ?? [`not told by ${expression ?? 'collection'}`]).map((name) => ({ path, name }));
}));

/** The entries that a name, or the pattern of one, is of. */
const entriesOf = (name: string): readonly string[] => {
  const pattern = new RegExp(`^${name.replaceAll('<any>', '.+')}$`);
  return stateLifetimes.map(({ collection }) => collection).filter((collection) => pattern.test(collection) || stateLifetimeOf(name)?.collection === collection);
};

describe('the table of lifetimes', () => {
  it('has every collection that the code names', () => {
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter(({ name }) => entriesOf(name).length === 0)).toEqual([]);
  });

  it('has none that the code does not name', () => {
    const known = new Set(named.flatMap(({ name }) => entriesOf(name)));
    expect(stateLifetimes.map(({ collection }) => collection).filter((collection) => !known.has(collection))).toEqual([]);
  });

  it('has one entry for each collection, and one of claims for each function', () => {
    const names = stateLifetimes.map(({ collection }) => collection);
    expect(new Set(names).size).toBe(names.length);
    for (const name of functionNames) expect(stateLifetimeOf(claimRef(name, 'work').collection)?.kept).toBe('expiring');
  });

  it('lets nothing expire that is written and not published yet, or waits to be', () => {
    for (const collection of [...outboxCollections, openBatches, 'deferred', 'waiting_work', 'late_log_rows']) expect([collection, stateLifetimeOf(collection)?.kept]).toEqual([collection, 'until-deleted']);
  });

  it('lets no memory go while a log has rows that count on from it, or Pub/Sub a message of its time', () => {
    const logged = days(Math.max(...tables.map(({ retentionDays }) => retentionDays ?? 0)));
    const counting = expiringCollections.filter(({ collection }) => /^(claims_.*|gaps|retry_queue|breakers|streaming_conflicts|scrapes|prediction_batches)$/.test(collection));
    expect(counting.length).toBe(functionNames.length + 6);
    expect(counting.filter(({ keptForMs }) => keptForMs < logged + days(31))).toEqual([]);
  });

  it('lets only collections expire that a time-to-live policy can name, and no more of them than a database takes', () => {
    // A database takes 200 settings of single fields before more are asked for.
    expect(expiringCollections.length).toBeLessThan(200);
    expect(expiringCollections.filter(({ collection }) => collection.includes('<'))).toEqual([]);
  });
});

type Part<Document> = { [Field in keyof Document as string extends Field ? never : Field]?: Document[Field] };
const kept = <Document>(collection: string, inHand: Part<Document>, over: Part<Document>): readonly [string, object, object] => [collection, inHand, over];

describe('a document that is in hand does not expire, however old', () => {
  const at = 1 as Incident['openedAt'];
  const cases = [
    kept<RetryDocument>('retry_queue', { isActive: true }, { isActive: false }),
    kept<DeadLetterDocument>('dead_letters', { status: 'waiting' }, { status: 'settled' }),
    kept<DeadLetterDocument>('dead_letters', { status: 'waiting' }, { status: 'redriven' }),
    kept<GapDocument>('gaps', { isOpen: true }, { isOpen: false }),
    kept<ConflictDocument>('streaming_conflicts', { isOpen: true }, { isOpen: false }),
    kept<BreakerDocument>('breakers', { isOpen: true }, { isOpen: false }),
    kept<BatchDocument>('prediction_batches', { status: 'open' }, { status: 'complete' }),
    kept<BatchDocument>('prediction_batches', { status: 'open' }, { status: 'incomplete' }),
    kept<Incident>('incidents', { resolvedAt: null, tellFrom: null }, { resolvedAt: at, tellFrom: null }),
    kept<Incident>('incidents', { resolvedAt: at, tellFrom: at }, { resolvedAt: at, tellFrom: null }),
  ];
  const isOver = (collection: string, document: object): boolean | undefined => expiringCollections.find((one) => one.collection === collection)?.isOver?.(document as Readonly<Record<string, unknown>>);

  it.each(cases)('of %s: %j does not, %j does', (collection, inHand, over) => {
    expect([isOver(collection, inHand), isOver(collection, over)]).toEqual([false, true]);
    // One that does not say how it stands is taken for one in hand.
    expect(isOver(collection, {})).toBe(false);
  });

  it('in any collection that asks how a document stands', () => {
    expect(new Set(cases.map(([collection]) => collection))).toEqual(new Set(expiringCollections.filter((one) => one.isOver !== undefined).map(({ collection }) => collection)));
  });
});
