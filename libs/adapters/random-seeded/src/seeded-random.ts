import type { Random } from '@handoff/ports';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

/** The generator starts with the seed's own bits in its state: its first numbers would be alike for all small seeds. */
const warmUps = 16;

/** A reproducible sequence: one seed, one sequence, on every machine; sequences of neighbouring seeds are unrelated. */
export class SeededRandom implements Random {
  readonly #generator: ReturnType<typeof xoroshiro128plus>;

  /** @throws RangeError when the seed is not a whole number from 0 to 2^32 - 1: two seeds never share a sequence. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) throw new RangeError(`a seed is a whole number from 0 to 4294967295, not ${seed}`);
    this.#generator = xoroshiro128plus(scrambled(seed));
    for (let count = 0; count < warmUps; count += 1) this.next();
  }

  next(): number {
    return uniformFloat64(this.#generator);
  }
}

/** MurmurHash3's finaliser: a one-to-one map of 32 bits, in which neighbours end far apart. */
function scrambled(seed: number): number {
  let bits = seed | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85_eb_ca_6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2_b2_ae_35);
  return bits ^ (bits >>> 16);
}
