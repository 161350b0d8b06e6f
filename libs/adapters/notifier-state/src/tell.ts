import { alertChannels, untoldAgainAfter, type AlertChannelName } from '@handoff/catalogue';
import { after, PipelineError, type EpochMs } from '@handoff/contracts';
import { channelsFor, noticeDue, noticeOf, noticeOfBulletin, sending, standInFor, told, type Bulletin, type Incident, type Notice, type NoticeKind } from '@handoff/incidents';
import type { Log, NoticeChannel } from '@handoff/ports';
import type { IncidentBook } from './incident-book.ts';

/** What became of a notice. */
export interface Telling {
  /** True when a channel took it. */
  readonly isTold: boolean;
  readonly took: readonly AlertChannelName[];
  readonly failed: readonly { readonly channel: AlertChannelName; readonly error: PipelineError }[];
}

/** Channels that wake people. What disturbs nobody never goes there, whichever other channel is away. */
const loud: readonly AlertChannelName[] = alertChannels.filter(({ severityMin }) => severityMin === 'critical').map(({ name }) => name);

const nobody: Telling = { isTold: false, took: [], failed: [] };

/** Sends what is due of one incident, and notes it: begun before, so that two instances do not send the same, and confirmed after. */
export async function tellDue(book: IncidentBook, channels: readonly NoticeChannel[], { id, at, log }: { readonly id: string; readonly at: EpochMs; readonly log: Log }): Promise<Telling> {
  const begun = await book.change([id], ([known]) => {
    const kind = known === undefined ? undefined : noticeDue(known, at);
    if (known === undefined || kind === undefined) return { writes: [], result: undefined };
    return { writes: [[id, sending(known, at, after(at, untoldAgainAfter))]], result: { incident: known, kind } };
  });
  if (begun === undefined) return nobody;
  const { incident, kind } = begun;
  const telling = await send(noticeOf(incident, kind, at), { meant: channelsFor(incident, kind), never: kind === 'consequence' ? loud : [] }, channels, log);
  if (telling.isTold) await confirm(book, incident, kind, log);
  return telling;
}

/** What cannot be confirmed is told once more, by a review: people have heard of it, so that nobody need hear of the fault. */
async function confirm(book: IncidentBook, { id, severity }: Incident, kind: NoticeKind, log: Log): Promise<void> {
  try {
    await book.change([id], ([known]) => ({ writes: known === undefined ? [] : [[id, told(known, kind, severity)]], result: undefined }));
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ error, incident: id }, 'notice not confirmed');
  }
}

/** Sends a bulletin by the first channel; by others where that takes none, but never by one that wakes people. */
export function tellBulletin(bulletin: Bulletin, channels: readonly NoticeChannel[], log: Log): Promise<Telling> {
  const [first] = alertChannels.filter(({ name }) => !loud.includes(name));
  return send(noticeOfBulletin(bulletin), { meant: first === undefined ? [] : [first.name], never: loud }, channels, log);
}

/** The channels of a notice, and those that do not stand in for them either. */
interface Meant {
  readonly meant: readonly AlertChannelName[];
  readonly never: readonly AlertChannelName[];
}

/** Sends a notice by the channels that it is meant for; for each that takes none by the one that stands in for it. */
async function send(notice: Notice, { meant, never }: Meant, channels: readonly NoticeChannel[], log: Log): Promise<Telling> {
  // Where nobody is to be told, there is nothing left to tell.
  if (channels.length === 0) return { ...nobody, isTold: true };
  const tried = new Set<AlertChannelName>([...meant, ...never]);
  const took: AlertChannelName[] = [];
  const failed: Telling['failed'][number][] = [];
  const waiting = [...meant];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const error = await sendBy(channels.find((channel) => channel.name === name), notice);
    if (error === undefined) {
      took.push(name);
      continue;
    }
    log.error({ error, channel: name, cause: notice.cause, subject: notice.subject }, 'notice not taken');
    failed.push({ channel: name, error });
    const standIn = standInFor(name, tried);
    if (standIn === undefined) continue;
    tried.add(standIn);
    waiting.push(standIn);
  }
  return { isTold: took.length > 0, took, failed };
}

/** The error by which a channel refused; what is no PipelineError is a bug, and breaks no caller of ours either. */
async function sendBy(channel: NoticeChannel | undefined, notice: Notice): Promise<PipelineError | undefined> {
  if (channel === undefined) return new PipelineError({ code: 'channel-refused', message: 'the channel is not open in this process' });
  try {
    await channel.send(notice);
    return undefined;
  } catch (error) {
    return error instanceof PipelineError ? error : new PipelineError({ code: 'channel-unavailable', message: `the channel ${channel.name} failed: ${String(error)}`, cause: error });
  }
}
