export { tableNamed, tables, type TableName } from './tables.ts';
export { isSourceEnabled, sources, type EnabledPeriod, type Source, type SourceId } from './sources.ts';
export { isScraperEnabled, scraperNamed, scraperOfPath, scrapers, type Scraper, type ScraperName } from './scrapers.ts';
