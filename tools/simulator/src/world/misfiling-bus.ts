import { scraperOfPath, type Topic } from '@handoff/catalogue';
import { FilesStored } from '@handoff/contracts';
import { isAbout, type FaultPlan } from '@handoff/faults';
import type { MessageBus, ObjectStore } from '@handoff/ports';

const announcing = 'phase1-scrapers-complete' satisfies Topic;
/** No scraper of the catalogue stores under it. */
const foreignPrefix = 'unregistered';

/** A bus that announces files under a prefix that no scraper has, and stores them there, while `unknown-path` strikes. */
export const misfilingBus = (port: MessageBus, objects: ObjectStore, plan: FaultPlan): MessageBus => ({
  async publish(topic, message) {
    const stored = topic === announcing ? FilesStored.safeParse(message.payload) : undefined;
    if (stored?.success !== true) return port.publish(topic, message);
    const scrapers = new Set(stored.data.files.map(({ path }) => scraperOfPath(path)?.name));
    const fault = plan.strike({ targets: ['objects', `bus:${announcing}`, ...[...scrapers].map((name) => `source:${name ?? ''}`)], kinds: ['unknown-path'], fits: (candidate) => isAbout(candidate, message) });
    if (fault === undefined) return port.publish(topic, message);
    const files = [];
    for (const { path, contentHash } of stored.data.files) {
      const misplaced = `${foreignPrefix}/${path}`;
      await objects.put(misplaced, await objects.get(path), { contentType: 'application/json' });
      files.push({ path: misplaced, contentHash });
    }
    return port.publish(topic, { ...message, payload: { ...message.payload, files } });
  },
});
