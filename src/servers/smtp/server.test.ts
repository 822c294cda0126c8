import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { systemClock } from '../../ops/clock.ts'
import { silentLog } from '../../ops/log.ts'
import { createTextBudget } from './incoming-text.ts'
import { defaultLimits } from './limits.ts'
import { SmtpServer, type SmtpServerOptions } from './server.ts'

it.each([false, true])(
  'a connection that broke before it was taken is asked about nobody’s address (TLS: %s)',
  implicitTls => {
    const asked: unknown[] = []
    const options: Pick<SmtpServerOptions, 'hostname' | 'limits' | 'budget' | 'clock' | 'log'> = {
      hostname: 'mail.example.org',
      limits: defaultLimits,
      budget: createTextBudget(defaultLimits),
      clock: systemClock,
      log: silentLog,
    }
    const role = { name: 'smtp', connect: async (client: unknown) => void asked.push(client) }
    const server = new SmtpServer({ ...options, role, implicitTls, tls: null } as unknown as SmtpServerOptions)
    // The system no longer knows whose it was.
    const socket = new Socket()
    expect(socket.remoteAddress).toBeUndefined()
    server.server.emit('connection', socket)
    expect([socket.destroyed, server.connections.size, asked]).toEqual([true, 0, []])
  },
)
