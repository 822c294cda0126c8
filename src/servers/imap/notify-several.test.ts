/**
 * Several sessions make, remove and rename mailboxes, subscribe to them and append to them at random. Each does as NOTIFY tells it,
 * and knows what it did itself: it must end with what is there.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import type { Session } from '../connection.ts'

interface Known {
  messages: number
  uidNext: number
  unseen: number
}

class Client {
  names = new Map<string, Known>()
  readonly subscribed = new Set<string>()
  #session!: Session
  #said = ''

  static async open(world: ImapWorld): Promise<Client> {
    const client = new Client()
    client.#session = world.createSession(imapConnection(text => void (client.#said += text)))
    await client.command(`LOGIN ${ADDRESS} ${PASSWORD}`)
    await client.command(
      'NOTIFY SET STATUS (personal (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange))',
    )
    await client.command('LIST (SUBSCRIBED) "" *')
    return client
  }

  /** Null where it was not done, else what was told, and the answer. */
  async command(text: string): Promise<string | null> {
    this.listen()
    await this.#session.receive(Buffer.from(`t ${text}\r\n`))
    const lines = this.#said.split('\r\n')
    const end = lines.findIndex(line => line.startsWith('t '))
    // What comes behind the answer is told of what was done by then, which the client knows of only when it has its answer.
    this.#said = lines.slice(end + 1).join('\r\n')
    for (const line of lines.slice(0, end)) this.#hear(line)
    return lines[end]!.startsWith('t OK') ? lines.slice(0, end + 1).join('\n') : null
  }

  /** To all that was said unasked. */
  listen(): void {
    const lines = this.#said.split('\r\n')
    this.#said = ''
    for (const line of lines) this.#hear(line)
  }

  #hear(line: string): void {
    const [, attributes = '', name = '', , oldName] =
      /^\* LIST \(([^)]*)\) "\/" (\S+)( \("OLDNAME" \((\S+)\)\))?$/.exec(line) ?? []
    if (oldName !== undefined) this.renamed(oldName, name)
    if (attributes.includes('\\NonExistent')) this.names.delete(name)
    else if (name !== '') {
      if (!this.names.has(name)) this.names.set(name, { messages: 0, uidNext: 1, unseen: 0 })
      if (attributes.includes('\\Subscribed')) this.subscribed.add(name)
      else this.subscribed.delete(name)
    }
    const [, at, messages, uidNext, unseen] =
      /^\* STATUS (\S+) \(MESSAGES (\d+) UIDNEXT (\d+) UIDVALIDITY \d+ UNSEEN (\d+)\)$/.exec(line) ?? []
    if (at) this.names.set(at, { messages: Number(messages), uidNext: Number(uidNext), unseen: Number(unseen) })
  }

  created(name: string): void {
    for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1))
      if (!this.names.has(name.slice(0, end)))
        this.names.set(name.slice(0, end), { messages: 0, uidNext: 1, unseen: 0 })
  }

  renamed(from: string, to: string): void {
    const isMoved = (name: string): boolean => name === from || name.startsWith(`${from}/`)
    this.names = new Map(
      Array.from(this.names, ([name, state]) => [isMoved(name) ? to + name.slice(from.length) : name, state]),
    )
  }

  appended(name: string, uid: number): void {
    const { messages, uidNext, unseen } = this.names.get(name)!
    if (uidNext > uid) return
    this.names.set(name, { messages: messages + 1, uidNext: uidNext + 1, unseen: unseen + 1 })
  }
}

const session = fc.nat(2)
const name = fc.constantFrom('a', 'b', 'a/x', 'a/x/y', 'b/x', 'c')
const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), session, name }),
  fc.record({ kind: fc.constant('delete' as const), session, name }),
  fc.record({ kind: fc.constant('rename' as const), session, name, to: name }),
  fc.record({ kind: fc.constant('subscribe' as const), session, name, on: fc.boolean() }),
  fc.record({ kind: fc.constant('append' as const), session, name }),
  fc.record({ kind: fc.constant('deliver' as const), name }),
  fc.record({ kind: fc.constant('turn' as const) }),
)

it('know the mailboxes there are, and how many messages they have', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async steps => {
      const world = await imapWorld()
      try {
        const clients = await Promise.all([0, 1, 2].map(() => Client.open(world)))
        for (const each of steps) {
          if (each.kind === 'turn') await new Promise(resolve => setImmediate(resolve))
          else if (each.kind === 'deliver') await world.deliver(each.name, Buffer.from('x')).catch(() => {})
          else {
            const client = clients[each.session]!
            if (each.kind === 'create' && (await client.command(`CREATE ${each.name}`)) !== null)
              client.created(each.name)
            if (each.kind === 'delete' && (await client.command(`DELETE ${each.name}`)) !== null)
              client.names.delete(each.name)
            // What it did itself is told as well where others changed something before, of which it had not heard.
            if (each.kind === 'append') {
              const said = await client.command(`APPEND ${each.name} {1+}\r\nx`)
              if (said !== null) client.appended(each.name, Number(/APPENDUID \d+ (\d+)/.exec(said)?.[1]))
            }
            if (each.kind === 'rename') {
              const said = await client.command(`RENAME ${each.name} ${each.to}`)
              if (said !== null && !said.includes(`"/" ${each.to} ("OLDNAME" (${each.name}))`)) {
                client.renamed(each.name, each.to)
                client.created(each.to)
              }
            }
            // What becomes of a name that no mailbox has, nobody is told.
            if (each.kind === 'subscribe' && (await world.mailboxes.find(world.accountId, each.name))) {
              await client.command(`${each.on ? 'SUBSCRIBE' : 'UNSUBSCRIBE'} ${each.name}`)
              if (each.on) client.subscribed.add(each.name)
              else client.subscribed.delete(each.name)
            }
          }
        }
        const rows = await world.mailboxes.list(world.accountId)
        const truth = rows.map(({ name, messages, uidNext, unseen }) => [name, { messages, uidNext, unseen }])
        const subscribed = rows.filter(row => row.subscribed).map(row => row.name)
        for (const client of clients)
          await expect
            .poll(() => {
              client.listen()
              const known = [...client.subscribed].filter(one => client.names.has(one))
              return [Object.fromEntries(client.names), known.sort()]
            })
            .toEqual([Object.fromEntries(truth), subscribed.sort()])
        expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
      } finally {
        await world.close()
      }
    }),
    { numRuns: Number(process.env.FACTEUR_RUNS ?? 40), endOnFailure: true },
  )
})
