import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { type Store, StoreError } from '../store/store.ts'
import { FreeSpaces } from './disk-space.ts'
import { createMetrics } from './metrics.ts'

function storeThat(write: (operation: string) => unknown): Store {
  // Only what metrics look at.
  return {
    write: async (operation: string) => write(operation),
    read: async () => [{ status: 'queued', recipients: 3 }],
  } as unknown as Store
}

describe('metrics', () => {
  it('count what is told of connections, commands and sign-ins', async () => {
    const metrics = createMetrics({ version: '1.2.3' })
    const imap = metrics.activity('imap')
    imap.opened()
    imap.opened()
    imap.closed()
    imap.command('FETCH')
    metrics.signIn('imap', 'credentials')
    metrics.committed(7)
    const text = await metrics.render()
    for (const line of [
      'facteur_info{version="1.2.3"} 1',
      'facteur_connections{protocol="imap"} 1',
      'facteur_connections_total{protocol="imap"} 2',
      'facteur_commands_total{protocol="imap",command="FETCH"} 1',
      'facteur_sign_ins_total{protocol="imap",outcome="credentials"} 1',
      'facteur_store_commit_operations_sum 7',
    ])
      expect(text).toContain(`${line}\n`)
  })

  it('see in the store what becomes of messages', async () => {
    const metrics = createMetrics({ version: '1' })
    const store = metrics.watch(
      storeThat(operation => (operation === 'message.accept' ? { delivered: [1, 2] } : undefined)),
    )
    await store.write('message.accept', { deliveries: [], queue: [], at: 0 })
    const result = { at: 0, status: '5.0.0', text: '', remoteHost: null, remoteAddress: null }
    const settled = { recipientId: 1, nextAttemptAt: 0, result, delayNotified: false, countAttempt: true }
    await store.write('queue.settle', {
      results: [
        { ...settled, status: 'delivered' },
        { ...settled, status: 'failed' },
        { ...settled, status: 'expired' },
        { ...settled, status: 'queued' },
      ],
      reports: [],
      at: 0,
    })
    const text = await metrics.render()
    for (const line of [
      'facteur_messages_accepted_total 1',
      'facteur_deliveries_total{to="here"} 2',
      'facteur_deliveries_total{to="elsewhere"} 1',
      'facteur_bounced_total{status="failed"} 1',
      'facteur_bounced_total{status="expired"} 1',
      'facteur_store_write_seconds_count{operation="message.accept"} 1',
      'facteur_queue_recipients{status="queued"} 3',
      'facteur_queue_recipients{status="held"} 0',
    ])
      expect(text).toContain(`${line}\n`)
  })

  it('tell the room that is left where the store is', async () => {
    const folder = tmpdir()
    const text = await createMetrics({ version: '1', freeSpaces: new FreeSpaces([folder, '/none']) }).render()
    const [, bytes] = new RegExp(`^facteur_disk_free_bytes\\{folder="${folder}"\\} (\\S+)$`, 'm').exec(text) ?? []
    expect(Number(bytes)).toBeGreaterThan(0)
    expect(text).not.toContain('/none')
  })

  it('count failures by their reason, and let them through', async () => {
    const metrics = createMetrics({ version: '1' })
    const store = metrics.watch(
      storeThat(() => {
        throw new StoreError('over-quota', 'full')
      }),
    )
    await expect(store.write('setting.set', { name: 'a', value: 'b' })).rejects.toThrow('full')
    expect(await metrics.render()).toContain(
      'facteur_store_write_failures_total{operation="setting.set",code="over-quota"} 1\n',
    )
  })
})
