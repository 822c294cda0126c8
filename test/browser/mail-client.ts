/** Mail programs beside the browser: a real IMAP client, and one that hands a message in. */
import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { vi } from 'vitest'
import type { Service } from '../integration/service.ts'

export interface Credentials {
  user: string
  pass: string
}

function imap(service: Pick<Service, 'ports'>, auth: Credentials): ImapFlow {
  const tls = { rejectUnauthorized: false }
  return new ImapFlow({ host: '127.0.0.1', port: service.ports.imaps, secure: true, auth, tls, logger: false })
}

/** Whether IMAP takes them. */
export async function signsIn(service: Pick<Service, 'ports'>, auth: Credentials): Promise<boolean> {
  const client = imap(service, auth)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.logout()
    return true
  } catch (error) {
    if (error instanceof Error && 'authenticationFailed' in error) return false
    throw error
  }
}

/** Subjects in a mailbox, in order. */
export async function subjects(
  service: Pick<Service, 'ports'>,
  auth: Credentials,
  mailbox = 'INBOX',
): Promise<string[]> {
  return (await messages(service, auth, mailbox)).map(({ subject }) => subject)
}

async function messages(
  service: Pick<Service, 'ports'>,
  auth: Credentials,
  mailbox = 'INBOX',
): Promise<{ subject: string; source: string }[]> {
  const client = imap(service, auth)
  await client.connect()
  try {
    const lock = await client.getMailboxLock(mailbox)
    const found: { subject: string; source: string }[] = []
    if (client.mailbox && client.mailbox.exists > 0)
      for await (const { envelope, source } of client.fetch('1:*', { envelope: true, source: true }))
        found.push({ subject: envelope?.subject ?? '', source: source?.toString() ?? '' })
    lock.release()
    return found
  } finally {
    await client.logout()
  }
}

/** The link of the newest message whose link leads to that page. Path and fragment alone: the host is this machine. */
export function linkIn(service: Pick<Service, 'ports'>, auth: Credentials, page: RegExp): Promise<string> {
  return vi.waitFor(
    async () => {
      for (const { source } of (await messages(service, auth)).toReversed()) {
        const text = source.replace(/=\r\n/g, '').replaceAll('=3D', '=')
        for (const [found] of text.matchAll(/https:\/\/[^\s"<>]+/g)) {
          const { pathname, hash, search } = new URL(found)
          if (page.test(pathname)) return pathname + search + hash
        }
      }
      throw new Error(`no link to ${page} came`)
    },
    { timeout: 20_000, interval: 250 },
  )
}

/** By port 25, as from elsewhere. Rejects with the server's answer. */
export async function deliver(service: Pick<Service, 'ports'>, to: string, subject: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: service.ports.smtp, secure: false, ignoreTLS: true })
  await transport.sendMail({ from: 'someone@elsewhere.test', to, subject, text: 'Hello.' })
  transport.close()
}
