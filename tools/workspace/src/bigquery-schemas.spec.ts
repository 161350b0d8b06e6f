import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bigQuerySchemas } from '@handoff/deploy';

describe('schemas/bigquery', () => {
  it.each(bigQuerySchemas())('$path is what the catalogue says (npm run schemas writes it)', ({ path, text }) => {
    expect(existsSync(path) ? readFileSync(path, 'utf8') : 'missing').toBe(text);
  });

  it('holds no table or view that the catalogue does not know', () => {
    const known = bigQuerySchemas().map(({ path }) => path).sort();
    const found = ['tables', 'views'].flatMap((kind) => readdirSync(`schemas/bigquery/${kind}`).map((name) => `schemas/bigquery/${kind}/${name}`)).sort();
    expect(found).toEqual(known);
  });
});
