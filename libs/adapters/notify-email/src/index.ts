export { EmailChannel, letterOf, type EmailOptions, type Letter } from './email-channel.ts';
