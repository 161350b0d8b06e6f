import type { TableDefinition } from '@handoff/contracts';
import { z } from 'zod';

/** A small table for the specs of this lib. */
export const notes: TableDefinition = {
  name: 'held.notes', description: 'For specs.', row: z.object({}), key: ['id'], business: ['id', 'on_date', 'body'], partition: 'on_date', cluster: [],
  partitionFilterRequired: false,
  columns: [
    { name: 'id', type: 'STRING', mode: 'REQUIRED' },
    { name: 'on_date', type: 'DATE', mode: 'REQUIRED' },
    { name: 'body', type: 'STRING', mode: 'NULLABLE' },
  ],
};
