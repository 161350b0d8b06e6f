import { hashOf } from '@handoff/contracts';

/** The name itself where it can be the id of a state document, so that people find it; else its hash. A hash costs more than all else that a small write does. */
export const documentId = (name: string): string => (/^[\w.:|-]{1,200}$/.test(name) ? name : hashOf(name));
