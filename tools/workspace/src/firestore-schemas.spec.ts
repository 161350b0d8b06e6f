import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { firestoreSchemas } from '@handoff/deploy';

it.each(firestoreSchemas())('$path is what the catalogue says (npm run schemas writes it)', ({ path, text }) => {
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'missing').toBe(text);
});

it('an index and a time-to-live policy are written as the Firestore tools take them', () => {
  const [file] = firestoreSchemas({ indexes: [{ collection: 'claims', fields: [{ field: 'holder', direction: 'asc' }, { field: 'until', direction: 'desc' }] }], expiring: [{ collection: 'scrapes' }] });
  expect(JSON.parse(file?.text ?? '')).toEqual({
    indexes: [{ collectionGroup: 'claims', queryScope: 'COLLECTION', fields: [{ fieldPath: 'holder', order: 'ASCENDING' }, { fieldPath: 'until', order: 'DESCENDING' }] }],
    fieldOverrides: [{ collectionGroup: 'scrapes', fieldPath: 'expiresAt', ttl: true, indexes: [] }],
  });
});
