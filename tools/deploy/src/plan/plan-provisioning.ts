import type { FunctionName } from '@handoff/catalogue';
import type { Installation } from '../installation.ts';
import { parts, type Step } from '../step.ts';
import { secretsOf } from './names.ts';
import { planJobs, planSubscriptions, planTopics } from './plan-bus.ts';
import { planMonitoring } from './plan-monitoring.ts';
import { planAccounts, planFiles, planPermissions, planSecrets, planServices } from './plan-platform.ts';
import { planState, planTables } from './plan-stores.ts';

/**
 * Everything that functions need of an installation, from the catalogue, in the order in which it is made. Pure.
 *
 * @param asking - the functions that ask sources: they alone are given the keys.
 */
export function planProvisioning(installation: Installation, asking: ReadonlySet<FunctionName>): readonly Step[] {
  const steps = [
    ...planServices(installation), ...planAccounts(installation), ...planFiles(installation), ...planSecrets(installation, secretsOf(asking)),
    ...planTables(installation), ...planState(installation), ...planPermissions(installation),
    ...planTopics(installation), ...planSubscriptions(installation), ...planJobs(installation), ...planMonitoring(installation),
  ];
  return parts.flatMap((part) => steps.filter((step) => step.part === part));
}
