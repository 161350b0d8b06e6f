/**
 * What of a subject is an id: it differs from instance to instance of one fault. Hashes and uuids, numbers of five
 * digits or more (game ids, instants, process ids). Dates, tables, functions, phases are not: what fails for two dates
 * is two incidents.
 */
const ids = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b|\d{5,}/gi;

/** The subject without ids. */
export const familyOf = (subject: string): string => subject.replaceAll(ids, '#');
