/** Chance that can be had again: the same seed makes the same choices (mulberry32). */
export interface Random {
  /** Below `limit`, a whole number. */
  below(limit: number): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  pick<T>(from: readonly T[]): T
  /** Each with a chance of `chance`. */
  some<T>(from: readonly T[], chance: number): T[]
  /** Independent of what is drawn from this one afterwards. */
  fork(): Random
}

export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const random: Random = {
    below: limit => Math.floor(next() * limit),
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: from => {
      const picked = from[Math.floor(next() * from.length)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
    some: (from, chance) => from.filter(() => next() < chance),
    fork: () => seeded(Math.floor(next() * 0x1_0000_0000)),
  }
  return random
}
