import { existsSync, readFileSync } from 'node:fs';
import { absenceRules, alertCodes, intervalOf, jobs } from '@handoff/catalogue';
import { minutes } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { monitoringSchemas } from '@handoff/deploy';

it.each(monitoringSchemas())('$path is what the catalogue says (npm run schemas writes it)', ({ path, text }) => {
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'missing').toBe(text);
});

it.each(absenceRules)('the absence of $metric is noticed within 15 minutes, and not for one round that is late', ({ absentFor, cause, logged }) => {
  const job = jobs.find(({ name }) => name === logged.function)!;
  expect(absentFor).toBeLessThanOrEqual(minutes(15));
  expect(absentFor).toBeGreaterThanOrEqual(2 * intervalOf(job));
  expect(alertCodes.map(({ code }) => code)).toContain(cause);
});
