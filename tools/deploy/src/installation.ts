import { readFileSync } from 'node:fs';
import { PipelineError, Sport } from '@handoff/contracts';
import { z } from 'zod';

const url = z.url({ protocol: /^https$/ });

/**
 * An installation of ours in a project of Google's cloud: what an operator decides, and nothing that the catalogue
 * knows. Kept as a JSON file per installation, without secrets: of those it is only known that they are needed.
 */
export const Installation = z.strictObject({
  /** Which installation tells: `production`. */
  environment: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes'),
  sport: Sport,
  /** The project's id. It is ours alone: every function may publish to its topics and read and write its state. */
  project: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'a project id: 6 to 30 lower-case letters, digits and dashes'),
  /** The project's number, by which Google names its own agents in it: `gcloud projects describe PROJECT`. */
  projectNumber: z.string().regex(/^\d{6,20}$/, 'digits alone'),
  /** Where functions and jobs run: `us-central1`. */
  region: z.string().regex(/^[a-z]+-[a-z]+\d+$/, 'a region, as us-central1'),
  /** Where datasets are: `US`. It cannot be changed later. */
  bigQueryLocation: z.string().min(1),
  /** Where the state store is: `nam5`. It cannot be changed later. */
  firestoreLocation: z.string().min(1),
  /** Of stored answers and published files: 3 to 63 characters, unlike every other bucket in the world. */
  bucket: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, '3 to 63 lower-case letters, digits, dots and dashes'),
  logLevel: z.enum(['info', 'warn', 'error']).default('info'),
  /** Where the runbooks are read: the repository's pages, ending in a slash. */
  runbookBaseUrl: url.endsWith('/'),
  emailAlertsFrom: z.email(),
  emailAlertsTo: z.email(),
  /** Only where it is not PagerDuty's own. */
  pagerDutyUrl: url.optional(),
  /** Whom Cloud Monitoring tells that the watchdog is silent, which nothing of ours can: full names of its channels. */
  monitoringChannels: z.array(z.string().regex(/^projects\/[^/]+\/notificationChannels\/\d+$/, 'projects/…/notificationChannels/…')).min(1),
});
export type Installation = z.infer<typeof Installation>;

/**
 * Reads an installation's file.
 *
 * @throws `installation-invalid` (reject) naming the file and every entry that is missing, wrong or unknown.
 */
export function readInstallation(path: string): Installation {
  const parsed = Installation.safeParse(jsonOf(path));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`));
  throw invalid(path, problems.join('; '), problems);
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw invalid(path, error instanceof SyntaxError ? `it is no JSON: ${error.message}` : 'it cannot be read. docs/guides/deploy.md says what to write into it', [], error);
  }
}

const invalid = (path: string, problem: string, problems: readonly string[], cause?: Error): PipelineError =>
  new PipelineError({ code: 'installation-invalid', disposition: 'reject', message: `installation ${path}: ${problem}`, facts: { path, problems }, ...(cause === undefined ? {} : { cause }) });
