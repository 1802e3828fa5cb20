// NumPy's random stream in JavaScript; what stands behind the scissors is copied as it is.
// --- 8< ---
/**
 * The stream of numpy.random.default_rng(seed): SeedSequence and PCG64 XSL-RR (O'Neill 2014), drawn from as NumPy's
 * Generator does.
 */
export class Random {
  constructor(seed) {
    const words = seedWords(seed, 8);
    const wide = (i) => (BigInt(words[i + 1]) << 32n) | BigInt(words[i]);
    const state = (wide(0) << 64n) | wide(2);
    this.increment = ((((wide(4) << 64n) | wide(6)) << 1n) | 1n) & Random.MASK;
    this.state = ((this.increment + state) * Random.FACTOR + this.increment) & Random.MASK;
    this.kept = null; // half of a draw that was asked for 32 bits
  }

  /** 64 bits. */
  next64() {
    this.state = (this.state * Random.FACTOR + this.increment) & Random.MASK;
    const mixed = (this.state >> 64n) ^ (this.state & 0xffffffffffffffffn);
    const turn = this.state >> 122n;
    return ((mixed >> turn) | (mixed << (64n - turn))) & 0xffffffffffffffffn;
  }

  /** 32 bits: a draw of 64 gives two. */
  next32() {
    if (this.kept !== null) {
      const kept = this.kept;
      this.kept = null;
      return kept;
    }
    const drawn = this.next64();
    this.kept = Number(drawn >> 32n);
    return Number(drawn & 0xffffffffn);
  }

  /** A number from [0, 1). */
  random() {
    return Number(this.next64() >> 11n) / 9007199254740992;
  }

  /** A number from [low, high). */
  uniform(low, high) {
    return low + (high - low) * this.random();
  }

  /** Puts an array in a new random order (Fisher and Yates, from the end). */
  shuffle(array) {
    let mask = 0xffffffff;
    for (let i = array.length - 1; i > 0; i--) {
      while (Math.floor(mask / 2) >= i) mask = Math.floor(mask / 2);
      let place;
      do place = (this.next32() & mask) >>> 0;
      while (place > i);
      [array[i], array[place]] = [array[place], array[i]];
    }
    return array;
  }
}
Random.MASK = (1n << 128n) - 1n;
Random.FACTOR = 0x2360ed051fc65da44385df649fccf645n;

/** So many words of 32 bits from a seed, as NumPy's SeedSequence mixes them. */
function seedWords(seed, count) {
  const pool = [];
  let factor = 0x43b0d7e5;
  const hashed = (value) => {
    value = (value ^ factor) >>> 0;
    factor = Math.imul(factor, 0x931e8875) >>> 0;
    value = Math.imul(value, factor) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mixed = (x, y) => {
    const value = (Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715)) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const entropy = [];
  for (let rest = BigInt(seed); rest > 0n || !entropy.length; rest >>= 32n) entropy.push(Number(rest & 0xffffffffn));
  for (let i = 0; i < 4; i++) pool.push(hashed(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mixed(pool[to], hashed(pool[from]));
  }
  for (const word of entropy.slice(4)) for (let to = 0; to < 4; to++) pool[to] = mixed(pool[to], hashed(word));
  const words = [];
  factor = 0x8b51f9dd;
  for (let i = 0; i < count; i++) {
    let value = (pool[i % 4] ^ factor) >>> 0;
    factor = Math.imul(factor, 0x58f38ded) >>> 0;
    value = Math.imul(value, factor) >>> 0;
    words.push((value ^ (value >>> 16)) >>> 0);
  }
  return words;
}
