export { scrapeSource } from './scrape-source.ts';
