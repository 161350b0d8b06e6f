import { circuitBreakerConfigOf } from '@handoff/catalogue';
import { ScrapeRequested } from '@handoff/contracts';
import { scrapeSource } from '@handoff/flow-scrape-source';
import { route, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'phase1-scrape',
  config: Config,
  asksSources: true,
  routes: [route('scrape-requests', ScrapeRequested, (request, context, config) => scrapeSource(request, context, circuitBreakerConfigOf(config)))],
};
