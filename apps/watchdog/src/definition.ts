import { minutes, WatchdogCanary } from '@handoff/contracts';
import { takeCanary, watchPlatform } from '@handoff/flow-watch-platform';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'watchdog',
  config: Config,
  routes: [route('watchdog-canary', WatchdogCanary, takeCanary)],
  onSchedule: (context, { SPORT, WATCH_INTERVAL_MINUTES }) => watchPlatform(context, { sport: SPORT, interval: minutes(WATCH_INTERVAL_MINUTES) }),
  isStateless: true,
};
