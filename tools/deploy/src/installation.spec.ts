import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exampleInstallation } from './example-installation.ts';
import { readInstallation } from './installation.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'handoff-installation-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });
const written = (text: string): string => {
  const path = join(folder, 'installation.json');
  writeFileSync(path, text);
  return path;
};

it('is read from its file', () => {
  expect(readInstallation(written(JSON.stringify(exampleInstallation)))).toEqual(exampleInstallation);
});

it.each<readonly [what: string, text: string, says: string]>([
  ['lacks something', JSON.stringify({ ...exampleInstallation, bucket: undefined }), 'bucket: '],
  ['has what is no region', JSON.stringify({ ...exampleInstallation, region: 'US' }), 'region: a region, as us-central1'],
  ['tells nobody of a silent watchdog', JSON.stringify({ ...exampleInstallation, monitoringChannels: [] }), 'monitoringChannels: '],
  ['has an entry that nobody knows, as a secret that does not belong there', JSON.stringify({ ...exampleInstallation, slackWebhookUrl: 'https://example.com' }), 'slackWebhookUrl'],
  ['is no JSON', '{', 'it is no JSON'],
])('a file that %s is refused by name', (_, text, says) => {
  expect(() => readInstallation(written(text))).toThrow(expect.objectContaining({ code: 'installation-invalid', message: expect.stringContaining(says) as string }));
});

it('a file that is not there is refused with where it is described', () => {
  expect(() => readInstallation(join(folder, 'other.json'))).toThrow(expect.objectContaining({ code: 'installation-invalid', message: expect.stringContaining('docs/guides/deploy.md') as string }));
});
