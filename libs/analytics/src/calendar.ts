const dayMs = 86_400_000;

/** Whole calendar days from one ISO date to a later one; negative when it is earlier. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / dayMs;

/** The ISO date a number of calendar days before another. */
export const daysBefore = (date: string, count: number): string => new Date(Date.parse(date) - count * dayMs).toISOString().slice(0, 10);
