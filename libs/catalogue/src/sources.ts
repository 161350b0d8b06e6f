/** A period in which a source is asked. `until` is the last game date of it; absent: still open. */
export interface EnabledPeriod {
  readonly from: string;
  readonly until?: string;
}

/** Where data comes from. Outside its periods nothing asks it and nothing expects it. */
export interface Source {
  readonly id: string;
  readonly title: string;
  readonly baseUrl: string;
  /** The environment variable that holds its key, and the header or query parameter that the source takes it in; absent: none is needed. */
  readonly secret?: { readonly variable: string } & ({ readonly header: string } | { readonly parameter: string });
  readonly enabled: readonly EnabledPeriod[];
  /** Why it is not enabled, where it is not. */
  readonly note?: string;
}

const always: readonly EnabledPeriod[] = [{ from: '2020-10-01' }];

export const sources = [
  { id: 'nba-com', title: 'NBA.com', baseUrl: 'https://stats.nba.com', enabled: always },
  { id: 'balldontlie', title: 'balldontlie', baseUrl: 'https://api.balldontlie.io', secret: { variable: 'BALLDONTLIE_API_KEY', header: 'authorization' }, enabled: always },
  { id: 'odds-api', title: 'The Odds API', baseUrl: 'https://api.the-odds-api.com', secret: { variable: 'ODDS_API_KEY', parameter: 'apiKey' }, enabled: always },
  { id: 'prizepicks', title: 'PrizePicks', baseUrl: 'https://api.prizepicks.com', enabled: always },
  { id: 'bettingpros', title: 'BettingPros', baseUrl: 'https://api.bettingpros.com', enabled: [], note: 'no captured payload of its props endpoint exists' },
  { id: 'espn', title: 'ESPN', baseUrl: 'https://site.api.espn.com', enabled: always },
  { id: 'espn-pages', title: 'ESPN pages', baseUrl: 'https://www.espn.com', enabled: always },
  { id: 'espn-rosters', title: 'ESPN rosters', baseUrl: 'https://site.api.espn.com', enabled: [], note: 'no output needs rosters: who plays is told by the games of the last weeks' },
  { id: 'nba-com-documents', title: 'NBA.com documents (gamebooks, reports)', baseUrl: 'https://official.nba.com', enabled: [], note: 'PDF sources are not read yet' },
  { id: 'nba-com-live', title: 'NBA.com live data (play by play)', baseUrl: 'https://cdn.nba.com', enabled: [], note: 'no output needs play by play yet' },
  { id: 'big-data-ball', title: 'BigDataBall', baseUrl: 'https://www.bigdataball.com', enabled: [], note: 'licensed files; not contracted' },
] as const satisfies readonly Source[];

export type SourceId = (typeof sources)[number]['id'];

/** Sources that somebody has switched off in this process, with the game dates of it. */
const switchedOff = new Map<string, EnabledPeriod>();

/**
 * Takes the game dates of a period out of those on which a source is asked, in this process alone: what a changed entry
 * does once it is deployed. For whoever plays a deployment through; the product itself never calls it.
 */
export function switchSourceOff(id: SourceId, period: EnabledPeriod): void {
  switchedOff.set(id, period);
}

/** Takes back every `switchSourceOff`. */
export function switchSourcesOn(): void {
  switchedOff.clear();
}

/** True when the source is asked for this game date. */
export function isSourceEnabled(source: Source, gameDate: string): boolean {
  const off = switchedOff.get(source.id);
  if (off !== undefined && isWithin(off, gameDate)) return false;
  return source.enabled.some((period) => isWithin(period, gameDate));
}

const isWithin = ({ from, until }: EnabledPeriod, gameDate: string): boolean => from <= gameDate && (until === undefined || gameDate <= until);
