import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { projects, workspaceRoot } from './workspace-files.ts';

const eslint = new ESLint({ cwd: workspaceRoot });

/** The rules that a text breaks as if it stood in an existing file of that name. */
async function brokenRules(text: string, file: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath: `${workspaceRoot}${file}` });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const domain = 'libs/slate/src/game-dates.ts';
const flow = 'libs/flows/load-raw/src/load-raw.ts';
const spec = 'libs/slate/src/game-dates.spec.ts';

/** Without a project graph the boundaries' rule skips itself with a warning and lets everything through. */
beforeAll(async () => {
  Object.assign(process.env, { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' });
  const { createProjectGraphAsync } = await import('@nx/devkit');
  await createProjectGraphAsync({ exitOnError: false });
});

describe('lint refuses', () => {
  it.each<readonly [what: string, file: string, text: string, rule: string]>([
    ['an adapter in domain code', domain, "import { openDuckDbWarehouse } from '@handoff/warehouse-duckdb';\nexport const open = openDuckDbWarehouse;\n", '@nx/enforce-module-boundaries'],
    ['an adapter in a flow', flow, "import { openDuckDbWarehouse } from '@handoff/warehouse-duckdb';\nexport const open = openDuckDbWarehouse;\n", '@nx/enforce-module-boundaries'],
    ['a flow in a flow', flow, "import { sweepOutbox } from '@handoff/flow-sweep-outbox';\nexport const sweep = sweepOutbox;\n", '@nx/enforce-module-boundaries'],
    ['a port in domain code', domain, "import type { Ports } from '@handoff/ports';\nexport type P = Ports;\n", '@nx/enforce-module-boundaries'],
    ['the testing lib outside specs', flow, "import { ManualClock } from '@handoff/testing';\nexport const clock = new ManualClock();\n", '@nx/enforce-module-boundaries'],
    ['a published SDK in a flow', flow, "import { open } from 'lmdb';\nexport const root = open;\n", '@nx/enforce-module-boundaries'],
    ['files in domain code', domain, "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n", 'no-restricted-imports'],
    ['files under the old name', domain, "import { readFileSync } from 'fs';\nexport const read = readFileSync;\n", 'no-restricted-imports'],
    ['the present time', domain, 'export const now = (): number => Date.now();\n', 'no-restricted-properties'],
    ['a new Date', domain, 'export const now = (): Date => new Date();\n', 'no-restricted-syntax'],
    ['randomness', domain, 'export const draw = (): number => Math.random();\n', 'no-restricted-properties'],
    ['the environment', domain, "export const name = process.env['NAME'];\n", 'no-restricted-globals'],
    ['a timer', domain, 'export const later = (run: () => void): unknown => setTimeout(run, 1);\n', 'no-restricted-globals'],
    ['fetch', flow, "export const ask = (): Promise<unknown> => fetch('https://example.com');\n", 'no-restricted-globals'],
    ['a default export', domain, 'export default 1;\n', 'no-restricted-syntax'],
    ['a swallowed error', domain, 'export const run = (work: () => void): void => { try { work(); } catch {} };\n', 'no-restricted-syntax'],
    ['an error that is looked at and dropped', flow, "export const run = async (work: () => Promise<void>): Promise<void> => { try { await work(); } catch (error) { if (error instanceof Error) return; } };\n", 'audit/no-swallowed-error'],
    ['an error that is caught under a name and not read', flow, 'export const run = async (work: () => Promise<number>): Promise<number> => { try { return await work(); } catch (error) { return 0; } };\n', 'audit/no-swallowed-error'],
    ['a promise whose error is dropped', flow, 'export const run = (work: Promise<void>): Promise<void> => work.catch(() => undefined);\n', 'audit/no-swallowed-error'],
    ['any', domain, 'export const value = (): any => 1;\n', '@typescript-eslint/no-explicit-any'],
    ['a floating promise', flow, 'export const run = (work: () => Promise<void>): void => { work(); };\n', '@typescript-eslint/no-floating-promises'],
    ['a non-null assertion', domain, 'export const first = (list: readonly number[]): number => list[0]!;\n', '@typescript-eslint/no-non-null-assertion'],
    ['rows streamed by the client', 'libs/composition/src/embedded.ts', "export const write = (dataset: { table: (name: string) => { insert: (rows: object[]) => Promise<void> } }): Promise<void> => dataset.table('t').insert([{}]);\n", 'handoff/no-streaming-insert'],
    ['rows streamed into something called a table', 'libs/composition/src/embedded.ts', 'export const write = (logTable: { insert: (rows: object[]) => Promise<void> }): Promise<void> => logTable.insert([{}]);\n', 'handoff/no-streaming-insert'],
    ['rows streamed through the REST interface', 'tools/local/src/explain.ts', "export const path = (table: string): string => `/tables/${table}/insertAll`;\n", 'handoff/no-streaming-insert'],
    ['an insert stream', 'libs/composition/src/embedded.ts', 'export const stream = (of: { createInsertStream: () => object }): object => of.createInsertStream();\n', 'handoff/no-streaming-insert'],
    ['the client that writes streams', 'libs/composition/src/embedded.ts', "import { v1 } from '@google-cloud/bigquery-storage';\nexport const client = v1;\n", 'handoff/no-streaming-insert'],
    ['a spec that sleeps', spec, 'export const later = (run: () => void): unknown => setTimeout(run, 1);\n', 'no-restricted-globals'],
  ])('%s', async (_what, file, text, rule) => {
    expect(await brokenRules(text, file)).toContain(rule);
  });
});

describe('lint lets through', () => {
  it.each<readonly [what: string, file: string, text: string]>([
    ['an error of one kind that is expected, and the others thrown on', flow, "export const run = async (work: () => Promise<void>): Promise<void> => { try { await work(); } catch (error) { if (error instanceof RangeError) return; throw error; } };\n"],
    ['an error that is kept', flow, 'export const run = async (work: () => Promise<void>, failures: unknown[]): Promise<void> => { try { await work(); } catch (error) { failures.push(error); } };\n'],
    ['an error that is converted', flow, 'export const run = async (work: () => Promise<void>): Promise<unknown> => { try { await work(); return undefined; } catch (error) { return String(error); } };\n'],
    ['a contract in domain code', domain, "import { hashOf } from '@handoff/contracts';\nexport const hash = hashOf;\n"],
    ['the present time in the adapter that is the clock', 'libs/adapters/clock-system/src/index.ts', 'export const now = (): number => Date.now();\n'],
    ['an insert into something that is no table', 'libs/composition/src/embedded.ts', 'export const add = (list: { insert: (value: number) => void }): void => { list.insert(1); };\n'],
    ['streaming where it stands in for BigQuery', 'libs/adapters/warehouse-duckdb/src/held-warehouse.ts', 'export const stream = (of: { streamInsert: () => Promise<void> }): Promise<void> => of.streamInsert();\n'],
    ['an adapter and the testing lib in a spec', 'libs/flows/decide-workflows/src/rules.spec.ts', "import { ManualClock } from '@handoff/testing';\nimport { VirtualClock } from '@handoff/clock-virtual';\nexport const clocks = [ManualClock, VirtualClock];\n"],
  ])('%s', async (_what, file, text) => {
    expect(await brokenRules(text, file)).toEqual([]);
  });
});

const pure = ['contract', 'domain', 'port', 'protocol', 'flow'];

describe('the fence around time, randomness and the environment', () => {
  it.each(projects().map(({ root, tags }) => ({ root, isPure: pure.some((type) => tags.includes(`type:${type}`)) })))('stands around $root: $isPure', async ({ root, isPure }) => {
    const { rules } = (await eslint.calculateConfigForFile(`${workspaceRoot}${root}/src/any.ts`)) as { readonly rules: Readonly<Record<string, unknown>> };
    expect(rules['no-restricted-properties'] !== undefined).toBe(isPure);
  });
});
