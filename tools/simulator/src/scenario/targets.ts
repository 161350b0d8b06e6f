import { alertChannels, functionNames, jobs, scrapers, tables, topics } from '@handoff/catalogue';

/** A part of the world that can fail: the word before the colon of a target. */
export const targetFamilies = ['state', 'warehouse', 'bus', 'objects', 'source', 'function', 'clock', 'scheduler', 'notifier', 'config'] as const;
export type TargetFamily = (typeof targetFamilies)[number];

interface FamilyOfTargets {
  /** True where the family without a name is a target: all of it. */
  readonly isTargetItself: boolean;
  /** What may stand after the colon: the catalogue's names. */
  readonly names: readonly string[];
  readonly written: string;
}

const families: Readonly<Record<TargetFamily, FamilyOfTargets>> = {
  state: { isTargetItself: true, names: [], written: '`state`' },
  warehouse: { isTargetItself: true, names: tables.map(({ name }) => name), written: '`warehouse`, `warehouse:<dataset.table>`' },
  bus: { isTargetItself: true, names: topics, written: '`bus`, `bus:<topic>`' },
  objects: { isTargetItself: true, names: [], written: '`objects`' },
  source: { isTargetItself: false, names: scrapers.map(({ name }) => name), written: '`source:<scraper>`' },
  function: { isTargetItself: false, names: functionNames, written: '`function:<app>`' },
  clock: { isTargetItself: true, names: [], written: '`clock`' },
  scheduler: { isTargetItself: true, names: jobs.map(({ name }) => name), written: '`scheduler`, `scheduler:<job>`' },
  notifier: { isTargetItself: false, names: alertChannels.map(({ name }) => name), written: '`notifier:<channel>`' },
  config: { isTargetItself: true, names: [], written: '`config`' },
};

/** How the targets of a family are written, for people. */
export const writtenTargets = (family: TargetFamily): string => families[family].written;

/** Every target of a family. They are derived: what the catalogue does not have cannot fail. */
export function targetsOf(family: TargetFamily): readonly string[] {
  const { isTargetItself, names } = families[family];
  return [...(isTargetItself ? [family] : []), ...names.map((name) => `${family}:${name}`)];
}

/** The family that a target names, known or not. */
export function familyOf(target: string): TargetFamily | undefined {
  const word = target.split(':')[0];
  return targetFamilies.find((family) => family === word);
}
