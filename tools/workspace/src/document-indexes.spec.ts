import { readFileSync } from 'node:fs';
import { alertCodes } from '@handoff/catalogue';
import { expect, it } from 'vitest';
import { documentIndexes } from './document-indexes.ts';

it.each(documentIndexes())('$path is up to date (npm run docs writes it)', ({ path, text }) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it.each(alertCodes)('the runbook of $code carries its severity and its meaning', ({ code, severity, meaning }) => {
  const [title, , summary] = readFileSync(`docs/runbooks/${code}.md`, 'utf8').split('\n');
  expect(title).toBe(`# ${code}`);
  expect(summary).toBe(`**${severity}**: ${meaning}`);
});

it.each(alertCodes)('the runbook of $code says how bad it is, where to look and what to do', ({ code }) => {
  const headings = readFileSync(`docs/runbooks/${code}.md`, 'utf8').split('\n').filter((line) => line.startsWith('## '));
  expect(headings).toEqual(['## How bad', '## Look', '## Do']);
});
