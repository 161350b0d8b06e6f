import { errorIsCriticalAfter, escalationAges, noticesPerHourMax, rankOf, worseOf, type Severity } from '@handoff/catalogue';
import { after, before, elapsed, hours, type EpochMs } from '@handoff/contracts';
import { isOpen, type Incident, type NoticeKind } from './incident.ts';

/**
 * True where a notice of the incident was sent, whether or not it is confirmed yet: somebody may have heard of it. What was
 * sent before it opened is of the signature's incident before.
 */
const isSent = ({ toldSeverity, toldAt, openedAt }: Incident): boolean => toldSeverity !== null || toldAt.some((at) => at >= openedAt);

/** Which of two notices that are to be sent says more. What has ended before anybody can have heard of it is not told at all. */
function merged(incident: Incident, next: NoticeKind): NoticeKind | undefined {
  const pending = incident.untold?.kind;
  if (pending === undefined) return next;
  if (next === 'resolved') return pending === 'opened' && !isSent(incident) ? undefined : 'resolved';
  const order: readonly NoticeKind[] = ['opened', 'resolved', 'worsened', 'escalated', 'consequence'];
  return order.find((kind) => kind === pending || kind === next);
}

/**
 * When a notice may go out where one is being sent: an end that overtakes its beginning would leave a channel with something
 * open for ever, so it waits until the other one would be due again.
 */
function freeFrom({ untold }: Incident, kind: NoticeKind, now: EpochMs): EpochMs {
  return kind === 'resolved' && untold !== null && untold.from > now ? untold.from : now;
}

/** Notes that people are to be told, now or as soon as the hour's notices allow it. */
export function withNotice(incident: Incident, kind: NoticeKind, now: EpochMs): Incident {
  const notice = merged(incident, kind);
  if (notice === undefined) return { ...incident, untold: null, tellFrom: null };
  const recent = incident.toldAt.filter((at) => at > before(now, hours(1)));
  const oldest = recent.at(-noticesPerHourMax);
  const room = oldest === undefined ? now : after(oldest, hours(1));
  const free = freeFrom(incident, kind, now);
  const from = room > free ? room : free;
  return { ...incident, toldAt: recent, untold: { kind: notice, from }, tellFrom: from };
}

/** The notice that is due; undefined where there is none, or the hour has had its share. */
export const noticeDue = ({ untold }: Incident, now: EpochMs): NoticeKind | undefined => (untold !== null && untold.from <= now ? untold.kind : undefined);

/** The incident after a notice was begun to be sent: it counts, and is due again where nobody confirms it by `againAt`. */
export function sending(incident: Incident, now: EpochMs, againAt: EpochMs): Incident {
  if (incident.untold === null) return incident;
  return { ...incident, untold: { ...incident.untold, from: againAt }, tellFrom: againAt, toldAt: [...incident.toldAt, now].slice(-noticesPerHourMax) };
}

/** The incident after people have been told; what has come up since stays to be told. */
export function told(incident: Incident, kind: NoticeKind, severity: Severity): Incident {
  const heard = { ...incident, toldSeverity: incident.toldSeverity === null ? severity : worseOf(incident.toldSeverity, severity) };
  return incident.untold?.kind === kind ? { ...heard, untold: null, tellFrom: null } : heard;
}

/** How many ages of the catalogue an incident has reached. */
const agesReached = ({ openedAt }: Incident, now: EpochMs): number => escalationAges.filter((age) => elapsed(openedAt, now) >= age).length;

/** What is a warning, or follows from another, is told once. */
const isEscalated = (incident: Incident): boolean => incident.explainedBy === null && rankOf(incident.severity) >= rankOf('error');

/** The incident at a later time: louder, and to be told again, at each age of the catalogue. The same value where nothing has changed. */
export function aged(incident: Incident, now: EpochMs): Incident {
  const reached = agesReached(incident, now);
  if (!isOpen(incident) || reached <= incident.escalations || !isEscalated(incident)) return incident;
  const severity: Severity = elapsed(incident.openedAt, now) >= errorIsCriticalAfter ? 'critical' : incident.severity;
  return withNotice({ ...incident, severity, escalations: reached }, 'escalated', now);
}
