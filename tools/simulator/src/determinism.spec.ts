import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { SimulationReport } from './report/report.ts';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'handoff-determinism-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

async function childBundle(): Promise<string> {
  const { bundleTool } = (await import(join(workspace, 'tools/workspace/bundle-tool.mjs'))) as { readonly bundleTool: (root: string, entry: string) => Promise<string> };
  return fileURLToPath(await bundleTool(workspace, 'tools/simulator/src/simulated-child.ts'));
}

it('one seed and one version of the code give one report to the byte, in two processes that share nothing', async () => {
  const child = await childBundle();
  const texts = ['one', 'two'].map((name) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [child, join(root, name)], { encoding: 'utf8', cwd: workspace });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  });
  expect(texts[1]).toBe(texts[0]);
  const report = SimulationReport.parse(JSON.parse(texts[0] ?? ''));
  expect(report.wallSeconds).toBe(0);
  expect(report.faults.every(({ fired }) => fired > 0)).toBe(true);
}, 180_000);
