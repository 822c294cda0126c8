import { expect, it } from 'vitest'
import { QueueFull, VerificationQueue } from './verification-queue.ts'

function started() {
  const order: string[] = []
  const finish = new Map<string, () => void>()
  const work = (name: string) => () => {
    order.push(name)
    return new Promise<string>(resolve => finish.set(name, () => resolve(name)))
  }
  return { order, finish, work }
}
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

it('runs few at once, and takes turns between addresses', async () => {
  const queue = new VerificationQueue({ atOnce: 1, waiting: 10, waitingPerAddress: 5 })
  const { order, finish, work } = started()
  const all = ['flood1', 'flood2', 'flood3', 'flood4', 'other1'].map(name =>
    queue.run(name.replace(/\d/, ''), work(name)),
  )
  for (let i = 0; i < 5; i++) {
    await turn()
    expect(order).toHaveLength(i + 1)
    finish.get(order.at(-1)!)!()
  }
  await Promise.all(all)
  expect(order).toEqual(['flood1', 'flood2', 'other1', 'flood3', 'flood4'])
})

it('turns a flood away at its own limit, and all at the common one', async () => {
  const queue = new VerificationQueue({ atOnce: 1, waiting: 3, waitingPerAddress: 2 })
  const { finish, work } = started()
  const running = [queue.run('a', work('1')), queue.run('a', work('2')), queue.run('a', work('3'))]
  await expect(queue.run('a', work('4'))).rejects.toThrow(QueueFull)
  running.push(queue.run('b', work('5')))
  await expect(queue.run('c', work('6'))).rejects.toThrow(QueueFull)
  for (let i = 0; i < 4; i++) {
    await turn()
    for (const end of finish.values()) end()
  }
  await Promise.all(running)
})

it('goes on after work that fails', async () => {
  const queue = new VerificationQueue({ atOnce: 1, waiting: 3, waitingPerAddress: 2 })
  await expect(queue.run('a', () => Promise.reject(new Error('x')))).rejects.toThrow('x')
  expect(await queue.run('a', () => Promise.resolve(1))).toBe(1)
})
