import { definition as dailyReconciliation } from '@handoff/daily-reconciliation';
import { hostable, type HostableFunction } from '@handoff/function-host';
import { definition as boxscoreBackfill } from '@handoff/boxscore-backfill';
import { definition as boxscoreCompleteness } from '@handoff/boxscore-completeness';
import { definition as autoRetry } from '@handoff/auto-retry-processor';
import { definition as dailyHealthSummary } from '@handoff/daily-health-summary';
import { definition as deadLetterRedrive } from '@handoff/dead-letter-redrive';
import { definition as expectationPlanner } from '@handoff/expectation-planner';
import { definition as ledgerReconciler } from '@handoff/ledger-reconciler';
import { definition as masterController } from '@handoff/master-controller';
import { definition as outboxSweeper } from '@handoff/outbox-sweeper';
import { definition as scrape } from '@handoff/phase1-scrape';
import { definition as raw } from '@handoff/phase2-raw';
import { definition as rawToAnalytics } from '@handoff/phase2-to-phase3';
import { definition as analytics } from '@handoff/phase3-analytics';
import { definition as analyticsToGrading } from '@handoff/phase3-to-grading';
import { definition as analyticsToFeatures } from '@handoff/phase3-to-phase4';
import { definition as features } from '@handoff/phase4-features';
import { definition as featuresToPredictions } from '@handoff/phase4-to-phase5';
import { definition as coordinator } from '@handoff/phase5-predict-coordinator';
import { definition as selfHeal } from '@handoff/self-heal';
import { definition as worker } from '@handoff/phase5-predict-worker';
import { definition as predictionsToPublication } from '@handoff/phase5-to-phase6';
import { definition as grade } from '@handoff/phase6-grade';
import { definition as publish } from '@handoff/phase6-publish';
import { definition as watchdog } from '@handoff/watchdog';
import { definition as phaseMonitor } from '@handoff/phase-monitor';
import { definition as workflowHealth } from '@handoff/workflow-health';

/** Every function of the product, as deployed. A test holds this list to the catalogue's. */
export const hostableFunctions: readonly HostableFunction[] = [
  hostable(masterController),
  hostable(scrape),
  hostable(raw),
  hostable(rawToAnalytics),
  hostable(analytics),
  hostable(analyticsToFeatures),
  hostable(features),
  hostable(featuresToPredictions),
  hostable(coordinator),
  hostable(worker),
  hostable(predictionsToPublication),
  hostable(publish),
  hostable(analyticsToGrading),
  hostable(grade),
  hostable(expectationPlanner),
  hostable(ledgerReconciler),
  hostable(outboxSweeper),
  hostable(autoRetry),
  hostable(deadLetterRedrive),
  hostable(boxscoreCompleteness),
  hostable(boxscoreBackfill),
  hostable(selfHeal),
  hostable(dailyReconciliation),
  hostable(watchdog),
  hostable(workflowHealth),
  hostable(phaseMonitor),
  hostable(dailyHealthSummary),
];
