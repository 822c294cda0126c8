import { afterEach, expect, it } from 'vitest'
import { systemTimers, wait } from './timers.ts'

const warnings: Error[] = []
const onWarning = (warning: Error): void => void warnings.push(warning)
afterEach(() => void process.off('warning', onWarning))

it('comes at once to what is past due, without a warning among the lines of the log', async () => {
  process.on('warning', onWarning)
  await wait(systemTimers, -10_000)
  expect(warnings).toEqual([])
})
