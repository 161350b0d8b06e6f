import { transitions } from '@handoff/catalogue';
import { after, gameDate } from '@handoff/contracts';
import { dueAtOf } from '@handoff/handoff-state';
import type { KeptRelease } from '../outcome/read-handoffs.ts';
import type { Evidence, Invariant } from './invariant.ts';

export const noNaturalKeyTwice: Invariant = {
  name: 'no-natural-key-twice',
  promise: 'No table holds two rows of one natural key.',
  violations: ({ run }) => run.contents.tables.filter(({ duplicates }) => duplicates > 0).map(({ table, duplicates }) => `${table} holds ${duplicates} rows too many`),
};

export const effectOnce: Invariant = {
  name: 'revision-takes-effect-once',
  promise: 'No phase revision and no other unit of work takes effect twice.',
  violations: ({ run }) => {
    const ends = new Map<string, number>();
    for (const { runId, status } of run.toldRuns) if (status === 'complete' || status === 'degraded') ends.set(runId, (ends.get(runId) ?? 0) + 1);
    const runsTwice = [...ends].filter(([, times]) => times > 1).map(([runId, times]) => `phase run ${runId} ended ${times} times`);
    const ids = run.releases.map(({ releaseId }) => releaseId);
    const releasedTwice = ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `${id} was released twice`);
    return [...runsTwice, ...releasedTwice, ...run.doneTwice];
  },
};

export const nothingThroughClosedGate: Invariant = {
  name: 'nothing-through-closed-gate',
  promise: 'Nothing is released whose gate was closed, and nothing runs that was not released.',
  violations: (evidence) => {
    const released = new Set(evidence.run.releases.map(({ releaseId }) => releaseId));
    const unreleased = evidence.run.toldRuns.filter(({ runId }) => !released.has(runId)).map(({ phase, runId }) => `${phase} ran for ${runId}, which no gate released`);
    return [...evidence.run.releases.flatMap((release) => problemsOf(release, evidence)), ...unreleased];
  },
};

function problemsOf(release: KeptRelease, { coverageMin }: Evidence): readonly string[] {
  const transition = transitions.find(({ flow, from, to }) => flow === release.flow && from === release.from && to === release.to);
  if (transition === undefined) return [`${release.releaseId} is of no transition of the catalogue`];
  const { policy } = transition;
  // A gate that only orders work in time opens when it cannot read what it judges by.
  if (policy.onError === 'open') return [];
  if (release.verdict === 'release') return release.coverage < 1 ? [`${release.releaseId} was released as whole at a coverage of ${release.coverage}`] : [];
  const minimum = Math.min(coverageMin ?? policy.coverageMin, ...Object.values(policy.coverageMinOf));
  const openAt = after(dueAtOf(transition, gameDate(release.gameDate)), policy.graceMs);
  return [
    ...(release.coverage < minimum ? [`${release.releaseId} was released at a coverage of ${release.coverage}, below ${minimum}`] : []),
    ...(release.releasedAt < openAt ? [`${release.releaseId} was released as degraded before its grace had ended`] : []),
  ];
}
