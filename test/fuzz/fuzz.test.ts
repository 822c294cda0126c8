/** What fuzzing found once, again; and some seconds of new inputs. `npm run fuzz` does the same for longer, and better. */
import { describe, expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'
import { targets } from './targets/index.ts'

const seconds = Number(process.env.FACTEUR_FUZZ_SECONDS ?? 2.5)
/** The same each time: a change is told of what it broke, and `npm run fuzz` looks for what nobody knows yet. */
const seed = Number(process.env.FACTEUR_FUZZ_SEED ?? 1)

describe(`any input, seed ${seed}`, () => {
  it.each(targets.map(target => [target.name, target] as const))('%s', async (_, target) => {
    const { finding } = await fuzz(target, seconds, seed)
    expect(finding && { problem: finding.problem, input: finding.input.toString('base64') }).toBeNull()
  })
})
