/**
 * Sessions go from mailbox to mailbox while messages come and go in all of them. Each client does as NOTIFY tells it, of the mailbox
 * that it has selected and of the others, and knows what it did itself: it must end with as many messages as there are, whatever it
 * was not told yet of a mailbox when it left it.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ADDRESS, type ImapWorld, imapConnection, imapWorld, PASSWORD } from '../../../test/transcripts/imap-world.ts'
import type { Session } from '../connection.ts'

class Client {
  readonly messages = new Map<string, number>()
  readonly #uidNext = new Map<string, number>()
  selected: string | null = null
  #selecting = ''
  #session!: Session
  #said = ''
  /** It is told nothing of the mailbox that it has selected, but by its own EXPUNGE and the like. */
  readonly #isBlind: boolean

  private constructor(isBlind: boolean) {
    this.#isBlind = isBlind
  }

  static async open(world: ImapWorld, group: string): Promise<Client> {
    const client = new Client(group === '')
    client.#session = world.createSession(imapConnection(text => void (client.#said += text)))
    await client.command(`LOGIN ${ADDRESS} ${PASSWORD}`)
    await client.command(`NOTIFY SET STATUS ${group}(personal (MessageNew MessageExpunge))`)
    return client
  }

  /** What was told, and the answer. */
  async command(text: string): Promise<string> {
    this.listen()
    await this.#session.receive(Buffer.from(`t ${text}\r\n`))
    const lines = this.#said.split('\r\n')
    const end = lines.findIndex(line => line.startsWith('t '))
    this.#said = lines.slice(end + 1).join('\r\n')
    for (const line of lines.slice(0, end)) this.#hear(line)
    return lines.slice(0, end + 1).join('\n')
  }

  async select(mailbox: string): Promise<void> {
    this.#selecting = mailbox
    // Until it is told that the one before is closed, it is that one which it hears of.
    this.selected ??= mailbox
    await this.command(`SELECT ${mailbox}`)
  }

  async leave(how: string): Promise<void> {
    await this.command(how)
    this.selected = null
  }

  async put(mailbox: string, command: string): Promise<void> {
    const said = await this.command(command)
    const uid = Number(/APPENDUID \d+ (\d+)/.exec(said)?.[1])
    const isTold = mailbox === this.selected && (!this.#isBlind || said.includes('EXISTS'))
    // What it did itself is told as well where others changed something before, of which it had not heard.
    if (isTold || !(this.#uidNext.get(mailbox)! <= uid)) return
    this.#uidNext.set(mailbox, uid + 1)
    this.messages.set(mailbox, this.messages.get(mailbox)! + 1)
  }

  /** To all that was said unasked. */
  listen(): void {
    const lines = this.#said.split('\r\n')
    this.#said = ''
    for (const line of lines) this.#hear(line)
  }

  #hear(line: string): void {
    if (line.startsWith('* OK [CLOSED]')) this.selected = this.#selecting
    const at = this.selected ?? ''
    const [, number, what] = /^\* (\d+) (EXISTS|EXPUNGE)$/.exec(line) ?? []
    if (what === 'EXISTS') this.messages.set(at, Number(number))
    if (what === 'EXPUNGE') this.messages.set(at, this.messages.get(at)! - 1)
    const next = /^\* OK \[UIDNEXT (\d+)/.exec(line)?.[1]
    if (next) this.#uidNext.set(at, Number(next))
    const [, name, messages, uidNext] = /^\* STATUS (\S+) \(MESSAGES (\d+) UIDNEXT (\d+)/.exec(line) ?? []
    if (!name) return
    this.messages.set(name, Number(messages))
    this.#uidNext.set(name, Number(uidNext))
  }
}

const groups = ['(selected (MessageNew MessageExpunge)) ', '(selected-delayed (MessageNew MessageExpunge)) ', '']
const session = fc.nat(groups.length - 1)
const mailbox = fc.constantFrom('INBOX', 'Sent', 'Trash')
const uid = fc.integer({ min: 1, max: 8 })
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deliver' as const), mailbox }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), mailbox, uid }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('select' as const), session, mailbox }) },
  fc.record({ kind: fc.constant('leave' as const), session, how: fc.constantFrom('UNSELECT', 'CLOSE') }),
  fc.record({ kind: fc.constant('append' as const), session, mailbox }),
  fc.record({ kind: fc.constant('replace' as const), session, mailbox, uid }),
  fc.record({ kind: fc.constant('mark' as const), session, uid }),
  fc.record({ kind: fc.constant('noop' as const), session }),
  fc.record({ kind: fc.constant('turn' as const) }),
)

it('know how many messages there are in mailboxes that they come from', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 50, size: 'max' }), async steps => {
      const world = await imapWorld()
      try {
        const clients = await Promise.all(groups.map(group => Client.open(world, group)))
        for (const each of steps) {
          if (each.kind === 'turn') await new Promise(resolve => setImmediate(resolve))
          else if (each.kind === 'deliver') await world.deliver(each.mailbox, Buffer.from('x'))
          else if (each.kind === 'remove') {
            const row = await world.mailboxes.get(world.accountId, each.mailbox)
            await world.messages.expunge(row, [{ from: each.uid, to: each.uid }], false)
          } else {
            const client = clients[each.session]!
            if (each.kind === 'select') await client.select(each.mailbox)
            else if (each.kind === 'append') await client.put(each.mailbox, `APPEND ${each.mailbox} {1+}\r\nx`)
            else if (each.kind === 'noop') await client.command('NOOP')
            else if (client.selected === null) continue
            else if (each.kind === 'leave') await client.leave(each.how)
            else if (each.kind === 'mark') await client.command(`UID STORE ${each.uid} +FLAGS (\\Deleted)`)
            else await client.put(each.mailbox, `UID REPLACE ${each.uid} ${each.mailbox} {1+}\r\nx`)
          }
        }
        for (const client of clients) if (client.selected !== null) await client.leave('UNSELECT')
        const truth = new Map<string, number>()
        for (const { name, messages } of await world.mailboxes.list(world.accountId)) truth.set(name, messages)
        for (const client of clients)
          await expect
            .poll(
              () => {
                client.listen()
                return client.messages
              },
              { interval: 1 },
            )
            .toEqual(truth)
        expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
      } finally {
        await world.close()
      }
    }),
    { numRuns: Number(process.env.FACTEUR_RUNS ?? 40), endOnFailure: true },
  )
})
