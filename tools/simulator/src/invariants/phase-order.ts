import { outputs } from '@handoff/catalogue';

const places = new Map(outputs.map(({ name }, place) => [name as string, place]));

/** Where an output stands in the catalogue's list, which is in the order in which they are made. */
export const phaseOrder = (output: string): number => places.get(output) ?? -1;
