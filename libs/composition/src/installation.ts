import { z } from 'zod';

/** Where an installation of ours is in Google's cloud: what its functions and its operators are told. */
export const installationVariables = {
  GOOGLE_CLOUD_PROJECT: z.string().min(1),
  /** Where datasets and jobs are: `US`. */
  BIGQUERY_LOCATION: z.string().min(1),
  /** The bucket of stored answers and published files. */
  STORAGE_BUCKET: z.string().min(1),
};
