// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
/** That a script of the largest size, written to make a server busy, is compiled in slices of some milliseconds. */
import { expect, it } from 'vitest'
import { compilation } from './compile.ts'

const SIZE = 256 * 1024
const filled = (unit: string, head = ''): string => head + unit.repeat(Math.floor((SIZE - head.length) / unit.length))

/** Of the thread's processor, in one slice. */
const LONGEST_MS = 20

function longestSlice(source: string): number {
  const work = compilation(source)
  let longest = 0
  for (;;) {
    const before = process.threadCpuUsage()
    const { done } = work.next()
    const { user, system } = process.threadCpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    if (done) return longest
  }
}

it.each([
  ['commands', filled('keep;')],
  ['tests of a command', filled(`if anyof(${'true,'.repeat(990)}false){}`)],
  ['tests of many commands', filled('if header :contains "a" "b"{}')],
  ['blocks', filled(`${'if true {'.repeat(31)}keep;${'}'.repeat(31)}`)],
  ['strings of a command', filled(`if header "a" [${'"",'.repeat(9_900)}"c"]{}`)],
  ['long strings', filled(`redirect "${'\\a'.repeat(32_000)}";`)],
  ['lines', filled(`if header "a" text:\n${'b\n'.repeat(30_000)}.\n{}`)],
  ['variables', filled(`set "a" "${'${a}'.repeat(16_000)}";`, 'require "variables";')],
  ['characters', filled(`redirect "${'${hex:41}'.repeat(7_000)}";`, 'require "encoded-character";')],
  ['expressions', filled(`if header :regex "a" "${'[^a-z]'.repeat(600)}"{}`, 'require "regex";')],
  ['repeats', filled('if header :regex "a" "(abcdefg){240}"{}', 'require "regex";')],
  ['branches', filled(`${'a|'.repeat(900)}b"{}`, 'require "regex";if header :regex "a" "')],
  ['capabilities', filled('require ["fileinto"];')],
  ['errors', filled('\n'.repeat(13_000)).concat('fileinto "a";'.repeat(20))],
])('%s', (_, source) => {
  // The best of some: a machine that is busy, and code that was never run, take longer.
  const best = Math.min(...Array.from({ length: 4 }, () => longestSlice(source)))
  expect(best).toBeLessThan(LONGEST_MS)
})
