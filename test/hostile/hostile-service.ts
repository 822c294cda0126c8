/** The service that is attacked: its limits hold for loopback too, and a test comes from as many loopback addresses as it likes. */
import { expect } from 'vitest'
import { type Service, type ServiceName, startService } from '../integration/service.ts'
import { Neighbour } from './neighbour.ts'
import { RawClient } from './raw-client.ts'

export const password = 'correct horse battery'
/** Whose mail program is measured, and who has an account and means harm. */
export const neighbourAddress = 'alice@example.org'
export const user = 'mallory@example.org'

/** Sizes and lengths are multiplied by it: 1 in CI. */
export const scale = Number(process.env.FACTEUR_HOSTILE_SCALE ?? 1)

/** Port 0 for those that no test of the file attacks would still be a port: all are there, as in production. */
export async function startHostileService(): Promise<{ service: Service; neighbour: Neighbour }> {
  const service = await startService({ FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback', FACTEUR_LIMITS_LOOPBACK: 'true' })
  await service.cli(['domain', 'add', 'example.org'])
  for (const address of [neighbourAddress, user])
    await service.cli(['mailbox', 'add', address, '--password-stdin'], { stdin: `${password}\n` })
  await deliver(service, neighbourAddress, 'Subject: first\r\n\r\nhello\r\n')
  const neighbour = await Neighbour.start({
    ports: service.ports,
    pid: service.pid,
    user: neighbourAddress,
    password,
  })
  return { service, neighbour }
}

let strangers = 0
/** An address that none of the test's clients has used yet. */
export function strangerAddress(): string {
  strangers++
  return `127.1.${Math.floor(strangers / 250)}.${1 + (strangers % 250)}`
}

/** A message as another server brings it. Resolves with the answer to its end, or to what was refused. */
export async function deliver(service: Service, to: string, text: string | Uint8Array): Promise<string> {
  const client = await RawClient.open(service.ports.smtp, { from: strangerAddress() })
  try {
    await client.until(/^220 .*\r\n/)
    await client.ask('EHLO mx.example.net', /^250 .*\r\n/m)
    const line = /^\d{3} .*\r\n/m
    await client.ask('MAIL FROM:<sender@example.net>', line)
    const accepted = await client.ask(`RCPT TO:<${to}>`, line)
    if (!accepted.startsWith('250')) return accepted
    await client.ask('DATA', line)
    await client.send(text)
    return await client.ask('\r\n.', line)
  } finally {
    client.close()
  }
}

/** Signed in over IMAP, INBOX selected. */
export async function signedIn(service: Service, address = user): Promise<RawClient> {
  const client = await RawClient.open(service.ports.imap, { from: strangerAddress() })
  await client.until(/^\* OK .*\r\n/)
  await client.ask(`l LOGIN ${address} "${password}"`)
  await client.ask('s SELECT INBOX')
  return client
}

/** The service has read the end of every connection: what was still on its way to it counts for no later measurement. */
export async function connectionsOver(service: Service, protocol: ServiceName): Promise<void> {
  const none = new RegExp(`^facteur_connections\\{protocol="${protocol}"\\} 0$`, 'm')
  const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${service.ports.http}/metrics`)).text()
  await expect.poll(metrics).toMatch(none)
}

/** Whoever comes next is served: mail comes in, and can be read. */
export async function servesOthers(service: Service): Promise<void> {
  const answer = await deliver(service, neighbourAddress, 'Subject: next\r\n\r\nhello\r\n')
  const client = await signedIn(service, neighbourAddress)
  const found = await client.ask('f FETCH * (ENVELOPE)')
  client.close()
  if (!answer.startsWith('250') || !/^f OK/m.test(found)) throw new Error(`not served: ${answer}${found}`)
}
