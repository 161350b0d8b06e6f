import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const services = ['artifactregistry', 'cloudbuild', 'cloudfunctions', 'cloudresourcemanager', 'cloudscheduler', 'eventarc', 'firestore', 'iam', 'logging', 'monitoring', 'pubsub', 'run', 'secretmanager', 'serviceusage'];

/** What gcloud and bq read, so that they call this server alone, as nobody, and keep what they write in a folder. */
export function cloudEnvironment(url: string, folder: string): Readonly<Record<string, string | undefined>> {
  const token = join(folder, 'token');
  writeFileSync(token, 'nobody');
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    CLOUDSDK_CONFIG: folder,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
    CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: '1',
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${url}/storage/v1/`,
    ...Object.fromEntries(services.map((service) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`, `${url}/`])),
  };
}
