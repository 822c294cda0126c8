import { expect, it } from 'vitest'
import type { Door } from '../mail/accept.ts'
import { silentLog } from '../ops/log.ts'
import type { LeasedRecipient } from '../store/types.ts'
import { LOCAL_DESTINATION } from './address.ts'
import { LocalDeliverer } from './local.ts'

it('gives up what is nobody’s here and no domain’s, since it would be queued for this place again', async () => {
  const door: Door = {
    checkRecipient: async () => ({ ok: true, local: false }),
    accept: () => Promise.reject(new Error('taken')),
  }
  const message = { ...({} as LeasedRecipient['message']), queueId: 1, sizeBytes: 1, reversePath: '' }
  const recipient = { ...({} as LeasedRecipient), address: 'x@ü ü', message }
  const batch = { message, destination: LOCAL_DESTINATION, recipients: [recipient], leaseUntil: 1 }
  const deliverer = new LocalDeliverer({ door, clock: { now: () => 0 }, log: silentLog })
  const { recipients } = await deliverer.deliver(batch, new Uint8Array(), new AbortController().signal)
  expect(recipients).toMatchObject([{ kind: 'permanent', result: { status: '5.1.2' } }])
})
