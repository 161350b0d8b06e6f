import type { Installation } from '../installation.ts';
import type { Command } from '../step.ts';

/** A command of gcloud in a project, that asks nothing back. */
export const gcloud = ({ project }: Installation, ...args: readonly string[]): Command => ({ argv: ['gcloud', ...args, `--project=${project}`, '--quiet'] });

/** The same, for what is read. */
export const gcloudJson = (installation: Installation, ...args: readonly string[]): Command => gcloud(installation, ...args, '--format=json');

/** A statement in GoogleSQL, where the datasets are. */
export const query = ({ project, bigQueryLocation }: Installation, text: string): Command => ({
  argv: ['bq', 'query', '--use_legacy_sql=false', '--format=json', '--max_rows=100000', `--project_id=${project}`, `--location=${bigQueryLocation}`],
  stdin: text,
});
