import { composePorts } from '@handoff/composition/profile';
import { startFunction } from '@handoff/function-host';
import { definition } from './definition.ts';

await startFunction(definition, composePorts, process.env);
