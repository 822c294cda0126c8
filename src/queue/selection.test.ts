import { expect, it } from 'vitest'
import type { QueueMessageRow, QueueRecipientRow } from '../store/types.ts'
import { selected } from './selection.ts'

const waiting = (reversePath: string, address: string) => ({
  message: { reversePath } as QueueMessageRow,
  recipients: [{ address, status: 'queued' } as QueueRecipientRow],
})

it.each([
  [{ from: 'taro..y.@carrier.example', to: null }, 1],
  [{ from: '"taro..y."@carrier.example', to: null }, 1],
  [{ from: null, to: 'J.Doe@München.example' }, 1],
  [{ from: '', to: null }, 0],
  [{ from: 'taro.y@carrier.example', to: null }, 0],
] as const)('%j names an address as it is typed', (filter, count) => {
  const entry = waiting('"taro..y."@carrier.example', 'j.doe@xn--mnchen-3ya.example')
  expect(selected(entry, filter, ['queued'])).toHaveLength(count)
})
