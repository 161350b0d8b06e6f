export { blocksOf, type SlackMessage } from './slack-blocks.ts';
export { SlackChannel, type SlackOptions } from './slack-channel.ts';
