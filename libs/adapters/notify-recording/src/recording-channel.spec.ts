import { describeNoticeChannelContract, type Opened, type ContractChannel } from '@handoff/testing';
import { RecordingChannel } from './index.ts';

function open(): Promise<Opened<ContractChannel>> {
  const channel = new RecordingChannel('slack');
  return Promise.resolve({ subject: { channel, received: () => channel.notices.map((notice) => JSON.stringify(notice)) }, reopen: open, crash: open, close: () => Promise.resolve() });
}

describeNoticeChannelContract('The recording channel', open);
