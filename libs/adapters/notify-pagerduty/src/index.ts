export { eventOf, pagerDutyUrl, PagerDutyChannel, type PagerDutyEvent, type PagerDutyOptions } from './pagerduty-channel.ts';
