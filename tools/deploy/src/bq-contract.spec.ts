import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { GoogleFailure } from '@handoff/loopback-http';
import { skipWithout } from '@handoff/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleInstallation as installation } from './example-installation.ts';
import { cloudEnvironment } from './google-stub/cloud-environment.ts';

import { bigQueryFailure, startBigQueryStub, type BigQueryStub } from './google-stub/start-bigquery-stub.ts';
import { apply, look, planProvisioning, runProgram, type Applied, type Cloud, type Step } from './index.ts';

/** bq takes 2 s a call, and three times as long on a machine that is busy. */
const callMs = 8_000;

/** What bq knows of BigQuery's interface comes with it; it asks the service for it else. */
const discovery = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'bq')).filter((file) => existsSync(file))
  .map((file) => join(dirname(dirname(realpathSync(file))), 'platform', 'bq', 'discovery_next', 'bigquery.json')).find((file) => existsSync(file));

const all = planProvisioning(installation, new Set()).filter(({ part }) => part === 'tables');
/** The first of each kind: a dataset, who may use it, a table, a view. */
const steps = ['dataset', 'roles/bigquery.dataEditor', 'table', 'view'].map((kind) => all.find(({ name }) => name.startsWith(`${kind} `))!);

describe('tables, made by bq', { timeout: 30 * callMs }, () => {
  let folder: string;
  let rc: string;
  let stub: BigQueryStub;
  const cloud: Cloud = { execute: (command) => runProgram(command, { ...cloudEnvironment(stub.url, folder), BIGQUERYRC: rc }), project: installation.project, projectNumber: installation.projectNumber };
  const run = async (some: readonly Step[]): Promise<readonly Applied[]> => apply((await look(some, cloud)).findings, cloud);

  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-bq-')); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
  beforeEach(async (context) => {
    if (discovery === undefined) skipWithout('gcloud', 'bq is not on PATH, or not as the Cloud SDK has it', context);
    stub = await startBigQueryStub();
    rc = join(folder, 'bigqueryrc');
    writeFileSync(rc, `--api=${stub.url}\n--discovery_file=${discovery}\n`);
  });
  afterEach(async () => { if (discovery !== undefined) await stub.close(); });

  it('are there after the first run, a column that somebody dropped comes back, and else nothing is changed', async () => {
    expect((await run(steps)).map(({ outcome, problem }) => problem ?? outcome)).toEqual(['created', 'created', 'created', 'created']);
    stub.shown['COLUMNS'] = stub.shown['COLUMNS']!.slice(1);
    const before = stub.ran.length;
    expect((await run(steps)).map(({ outcome, problem }) => problem ?? outcome)).toEqual(['unchanged', 'unchanged', 'updated', 'unchanged']);
    expect(stub.ran.slice(before).map(({ kind }) => kind).filter((kind) => kind !== 'SELECT')).toEqual(['ALTER_TABLE']);
  });

  it('are not taken for absent where a look is refused', async () => {
    stub.faults.add({ method: 'POST', path: /\/jobs$/, answer: bigQueryFailure(new GoogleFailure(403, 'accessDenied', 'Access Denied: User does not have permission to query, or perhaps it does not exist')) });
    await expect(look(steps.slice(0, 1), cloud)).rejects.toMatchObject({ code: 'cloud-command-failed', message: expect.stringContaining('Access Denied') as string });
  });
});
