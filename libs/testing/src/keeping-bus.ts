import type { MessageBus } from '@handoff/ports';

/** A bus that keeps what it was given, and lets a suite act in the middle of a publish. */
export class KeepingBus implements MessageBus {
  readonly published: string[] = [];
  readonly intercepts = new Map<string, () => Promise<void>>();

  async publish(topic: string, message: { readonly key: string }): Promise<{ readonly messageId: string }> {
    const intercept = this.intercepts.get(message.key);
    this.intercepts.delete(message.key);
    await intercept?.();
    this.published.push(`${topic} ${message.key}`);
    return { messageId: String(this.published.length) };
  }
}
