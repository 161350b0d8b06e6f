import { PipelineError, type EpochMs } from '@handoff/contracts';
import type { FaultyBus } from '@handoff/faults';
import type { MessageCarrier } from '@handoff/local';

/** A carrier beside which a faulty bus holds messages back: they are due as others are. */
export class HeldCarrier implements MessageCarrier {
  readonly #carrier: MessageCarrier;
  readonly #bus: FaultyBus;

  constructor(carrier: MessageCarrier, bus: FaultyBus) {
    this.#carrier = carrier;
    this.#bus = bus;
  }

  async settle(): Promise<number> {
    let settled = 0;
    for (;;) {
      const step = (await this.#bus.releaseDue()) + (await unlessRefused(() => this.#carrier.settle()));
      if (step === 0) return settled;
      settled += step;
    }
  }

  nextDueAt(): EpochMs | undefined {
    const times = [this.#carrier.nextDueAt(), this.#bus.nextDueAt()].filter((at): at is EpochMs => at !== undefined);
    return times.length === 0 ? undefined : times.reduce((first, at) => (at < first ? at : first));
  }

  async writeTables(): Promise<void> {
    await unlessRefused(async () => { await this.#carrier.writeTables(); return 0; });
  }
}

/** A table that refuses what the bus writes into it has its messages come again; it ends no run. */
async function unlessRefused(carry: () => Promise<number>): Promise<number> {
  try {
    return await carry();
  } catch (error) {
    if (error instanceof PipelineError) return 1;
    throw error;
  }
}
