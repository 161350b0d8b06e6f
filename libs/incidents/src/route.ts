import { alertChannels, rankOf, type AlertChannelName } from '@handoff/catalogue';
import type { Incident, NoticeKind } from './incident.ts';

/** The channels that a notice takes: by how loud the incident is. What only adds to it disturbs nobody who is not looking. */
export function channelsFor({ severity, toldSeverity }: Incident, kind: NoticeKind): readonly AlertChannelName[] {
  const loudness = kind === 'resolved' ? (toldSeverity ?? severity) : kind === 'consequence' ? 'info' : severity;
  return alertChannels.filter(({ severityMin }) => rankOf(loudness) >= rankOf(severityMin)).map(({ name }) => name);
}

/** The channel that stands in for one that took no notice: the next that has not been tried, the first after the last. */
export function standInFor(failed: AlertChannelName, tried: ReadonlySet<AlertChannelName>): AlertChannelName | undefined {
  const names = alertChannels.map(({ name }) => name);
  const place = names.indexOf(failed);
  return [...names.slice(place + 1), ...names.slice(0, place)].find((name) => !tried.has(name));
}
