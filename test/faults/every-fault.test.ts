/**
 * The promise under faults, in short: a few of them, chosen anew each time (FACTEUR_FAULTS=all: each), a round or two, under a load of deliveries, submissions, APPEND, STORE, COPY, MOVE,
 * EXPUNGE and POP3's deletions. `npm run test:faults -- --times 100` is the long version.
 *
 * Seconds count here: faults that need nothing special under them strike one service, one after the other. None of them counts
 * seconds itself: a round begins when every load has had something acknowledged, however long that takes.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { type Fault, strikeIn, worldFor } from './fault.ts'
import { faults } from './faults.ts'
import { seeded } from './random.ts'
import type { World } from './world.ts'

/** A kill at a system call tries the most in the least time. */
const rounds: Record<string, number> = { 'kill-at-call': 2 }

const seed = Number(process.env.FACTEUR_FAULT_SEED ?? Math.floor(Math.random() * 2 ** 32))

const random = seeded(seed)

/** A kill at a system call, two of those that need nothing special, one that does. What can't be had here is picked, and skipped by name, only where nothing else of its kind can be had. */
function chosen(): readonly Fault[] {
  if (process.env.FACTEUR_FAULTS === 'all') return faults
  const isSpecial = ({ disk, settings }: Fault): boolean => (disk ?? settings) !== undefined
  const special = hadHere(faults.filter(isSpecial), 1)
  const others = hadHere(
    faults.filter(fault => !isSpecial(fault) && fault.name !== 'kill-at-call'),
    2,
  )
  const one = random.pick(others)
  const two = random.pick(others.filter(fault => fault !== one))
  const picked = [one, two, random.pick(special)]
  return faults.filter(fault => picked.includes(fault) || fault.name === 'kill-at-call')
}

function hadHere(kind: readonly Fault[], needed: number): readonly Fault[] {
  const had = kind.filter(fault => (fault.whyNot?.() ?? null) === null)
  return had.length < needed ? kind : had
}

/** By what they stand on: the same disk, the same settings. */
const places = Map.groupBy(chosen(), ({ disk, settings }) => disk ?? settings ?? null)

for (const together of places.values())
  describe(`seed ${seed}`, () => {
    let world: World | null = null
    afterAll(async () => world?.close())

    const strike = async (fault: Fault): Promise<void> => {
      world ??= await worldFor(fault, random)
      const { problems, acknowledged } = await strikeIn(world, fault, {
        times: rounds[fault.name] ?? 1,
        random,
        isShort: true,
      })
      expect(problems).toEqual([])
      expect(acknowledged).toBeGreaterThan(0)
    }

    for (const fault of together)
      it(fault.name, { timeout: 300_000 }, async context => {
        const reason = fault.whyNot?.() ?? null
        if (reason !== null) return context.skip(reason)
        await strike(fault)
      })
  })
