import { hours, minutes, type DurationMs } from '@handoff/contracts';
import { alertCodes, type AlertCode } from './alerts.ts';
import { severities, type Severity } from './alert-channels.ts';

/** Notices about one incident in any hour, of whatever severity (reference section 15: five for one signature). */
export const noticesPerHourMax = 5;

/** Ages at which an incident that is still open is told again. After the last, the quiet ends it or people do. */
export const escalationAges: readonly DurationMs[] = [hours(1), hours(4), hours(12), hours(24), hours(48)];

/** An error that has lasted this long is critical: it was open when the day's work was looked at, and is when the next day's begins. */
export const errorIsCriticalAfter: DurationMs = hours(12);

/** After its cause is over a consequence is given this long to be over too, at least: an hourly job has run once more by then. */
export const aftermath: DurationMs = minutes(75);

/** And at most: a day's work, and two hours. */
export const aftermathMax: DurationMs = hours(26);

/** What was held up for long takes as long to be made up for (docs/adr/0036-what-an-outage-leaves.md). */
export const aftermathOf = (lasted: DurationMs): DurationMs => Math.min(Math.max(lasted, aftermath), aftermathMax) as DurationMs;

/** A notice that nobody has confirmed after this time is sent again: longer than all attempts of all channels take. */
export const untoldAgainAfter: DurationMs = minutes(3);

/** The parts of the platform that everything stands on: an incident about a whole one explains whatever is held up. */
export const platformParts = ['state', 'warehouse', 'bus', 'objects', 'scheduler'] as const;
export type PlatformPart = (typeof platformParts)[number];

/** What is resolved by whoever told of it has three days for that; the rest is over when a day's work, and two hours, have not shown it again. */
const quietSpans = { resolved: hours(72), seen: hours(26) };

const codeOf = (cause: string): AlertCode | undefined => alertCodes.find(({ code }) => code === cause);

/** How long nothing must be heard of a cause for its incident to be over without anybody having said so. */
export const quietSpanOf = (cause: string): DurationMs => (codeOf(cause)?.isResolved === true ? quietSpans.resolved : quietSpans.seen);

export const isConsequence = (cause: string): boolean => codeOf(cause)?.isConsequence === true;

/** True for a code whose incident may explain others: a cause, or a job that holds up what names it. */
export const canHoldUp = (cause: string): boolean => !isConsequence(cause) || codeOf(cause)?.holdsUp === true;

/** The command of a cause's notice; undefined where its runbook is all there is. */
export const commandOf = (cause: string): string | undefined => codeOf(cause)?.command;

/** What the runbook says in one line. */
export const meaningOf = (cause: string): string => codeOf(cause)?.meaning ?? 'An alert that the catalogue does not know.';

/** 0 for the least. */
export const rankOf = (severity: Severity): number => severities.indexOf(severity);

export const worseOf = (left: Severity, right: Severity): Severity => (rankOf(right) > rankOf(left) ? right : left);
