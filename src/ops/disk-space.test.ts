import { expect, it, vi } from 'vitest'
import { FreeSpaces } from './disk-space.ts'

it('asks a disk that does not answer once, and does not wait for it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const asked: PromiseWithResolvers<{ folder: string; bytes: number }>[] = []
    const spaces = new FreeSpaces(['/away'], () => {
      const answer = Promise.withResolvers<{ folder: string; bytes: number }>()
      asked.push(answer)
      return answer.promise
    })
    for (let question = 0; question < 2; question++) {
      const answers = Promise.allSettled(spaces.ask())
      await vi.advanceTimersByTimeAsync(1000)
      expect(await answers).toMatchObject([{ reason: { message: 'the disk of /away does not answer' } }])
    }
    expect(asked).toHaveLength(1)
    asked[0]!.resolve({ folder: '/away', bytes: 1 })
    await vi.advanceTimersByTimeAsync(0)
    const again = Promise.all(spaces.ask())
    asked[1]!.resolve({ folder: '/away', bytes: 2 })
    expect(await again).toEqual([{ folder: '/away', bytes: 2 }])
  } finally {
    vi.useRealTimers()
  }
})
