import { expect, it } from 'vitest';
import { readWorkspaceFile, workspaceFiles } from './workspace-files.ts';

const texts = workspaceFiles().filter((path) => !/\.(gz|png|jpg|lmdb|duckdb)$/.test(path) && !path.endsWith('committed-text.spec.ts'));

/** Clients find their registry in their own configuration: a host in a file ties the repository to one machine or mirror. */
const hosts = /https?:\/\/(?:[a-z0-9.-]*\b(?:registry|npmjs|artifactory|nexus|verdaccio|pypi|mirror)\b[a-z0-9.-]*|localhost:4873)/i;

it('no file names a registry host', () => {
  expect(texts.filter((path) => hosts.test(readWorkspaceFile(path)))).toEqual([]);
});

it('no file names a folder of one machine', () => {
  expect(texts.filter((path) => /(?:^|[\s'"`(=])\/(?:home|Users|root|work)\//m.test(readWorkspaceFile(path)))).toEqual([]);
});

it('no file but a schedule of tests holds a conflict mark', () => {
  expect(texts.filter((path) => /^(?:<{7}|>{7}) /m.test(readWorkspaceFile(path)))).toEqual([]);
});
