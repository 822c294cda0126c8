/** Extensions of IMAP over real sockets, to the byte, on a store on disk. */
import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type ImapServer, PASSWORD, startImapServer, USER } from './fixtures/imap.ts'

let server: ImapServer
const open: Client[] = []

beforeAll(async () => {
  server = await startImapServer()
})
afterEach(() => {
  for (const client of open.splice(0)) client.end()
})
afterAll(async () => {
  expect(server.errors).toEqual([])
  await server.stop()
})

class Client {
  readonly #socket: tls.TLSSocket
  #said = ''
  #ended = false
  #heard: () => void = () => {}

  constructor() {
    const ca = readFileSync(server.certificateFile)
    this.#socket = tls.connect({ host: 'localhost', port: server.imaps, ca })
    this.#hear(this.#socket)
    open.push(this)
  }

  #hear(stream: NodeJS.ReadableStream): void {
    stream.on('data', chunk => {
      this.#said += chunk.toString('latin1')
      this.#heard()
    })
    stream.on('end', () => {
      this.#ended = true
      this.#heard()
    })
  }

  send(text: string): void {
    this.#socket.write(Buffer.from(text, 'latin1'))
  }

  /** What it says next is this, and nothing else is said by then. */
  async says(...lines: (string | RegExp)[]): Promise<void> {
    for (const line of lines) {
      const said = await this.line()
      if (typeof line === 'string') expect(said).toBe(line)
      else expect(said).toMatch(line)
    }
    expect(this.#said).toBe('')
  }

  async line(): Promise<string> {
    while (!this.#said.includes('\r\n')) {
      if (this.#ended) throw new Error(`the server hung up behind ${JSON.stringify(this.#said)}`)
      await new Promise<void>(resolve => (this.#heard = resolve))
    }
    const end = this.#said.indexOf('\r\n')
    const line = this.#said.slice(0, end)
    this.#said = this.#said.slice(end + 2)
    return line
  }

  /** From here on both directions are deflated. Returns the way to send. */
  deflate(): (text: string) => void {
    this.#socket.removeAllListeners('data').removeAllListeners('end')
    const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH })
    this.#socket.pipe(inflate)
    this.#hear(inflate)
    const deflate = createDeflateRaw()
    deflate.pipe(this.#socket)
    return text => {
      deflate.write(text)
      deflate.flush(constants.Z_SYNC_FLUSH)
    }
  }

  async ended(): Promise<void> {
    while (!this.#ended) await new Promise<void>(resolve => (this.#heard = resolve))
    expect(this.#said).toBe('')
  }

  end(): void {
    this.#socket.destroy()
  }
}

async function signedIn(): Promise<Client> {
  const client = new Client()
  await client.line()
  client.send(`a LOGIN ${USER} "${PASSWORD}"\r\n`)
  await client.says(/^a OK \[CAPABILITY .* REPLACE .* PARTIAL MULTISEARCH .* INPROGRESS UIDONLY UNAUTHENTICATE /)
  return client
}

/** Up to the tagged answer. */
async function done(client: Client, tag: string): Promise<void> {
  while (!(await client.line()).startsWith(`${tag} OK`));
}

it('a message replaces another, asked for and sent in pieces; the other session sees one step', async () => {
  const [client, other] = [await signedIn(), await signedIn()]
  await server.mailboxes.create(server.accountId, 'Replaced', null)
  for (const text of ['one', 'two']) await server.deliver('Replaced', `Subject: ${text}\r\n\r\n`)
  for (const each of [client, other]) {
    each.send('b SELECT Replaced\r\n')
    await done(each, 'b')
  }
  other.send('c IDLE\r\n')
  await other.says('+ idling')
  client.send('c UID REPLACE 1 Replaced (\\Draft) "17-Jul-1996 02:44:25 +0000" {30}\r\n')
  await client.says('+ Ready for the literal')
  client.send('Subject: three\r\n')
  client.send('\r\nnew draft\r\n\n\r\n')
  await client.says(
    /^\* OK \[APPENDUID \d+ 3\] Replaced$/,
    '* 1 EXPUNGE',
    '* 2 EXISTS',
    /^\* \d RECENT$/,
    'c OK REPLACE completed',
  )
  await other.says('* 1 EXPUNGE', '* 2 EXISTS', /^\* \d RECENT$/)
  other.send('DONE\r\nd FETCH 2 (FLAGS INTERNALDATE BODY.PEEK[])\r\n')
  await other.says(
    'c OK IDLE completed',
    // \Recent in the one of the two that was told first.
    /^\* 2 FETCH \(FLAGS \(\\Draft(?: \\Recent)?\) INTERNALDATE "17-Jul-1996 02:44:25 \+0000" BODY\[\] \{30\}$/,
    'Subject: three',
    '',
    'new draft',
    '\n)',
    'd OK FETCH completed',
  )
})

it('a new message is \\Recent in the session that is told of it first, and in no other', async () => {
  const [one, other] = [await signedIn(), await signedIn()]
  await server.mailboxes.create(server.accountId, 'Fresh', null)
  await server.deliver('Fresh', 'Subject: first\r\n\r\n')
  const opened = (tag: string, recent: number): (string | RegExp)[] => [
    /^\* FLAGS /,
    /PERMANENTFLAGS/,
    '* 1 EXISTS',
    `* ${recent} RECENT`,
    '* OK [UNSEEN 1] First unseen message',
    /UIDVALIDITY/,
    /UIDNEXT 2/,
    /HIGHESTMODSEQ/,
    /MAILBOXID/,
    `${tag} OK [READ-WRITE] SELECT completed`,
  ]
  one.send('b STATUS Fresh (MESSAGES RECENT)\r\nc SELECT Fresh\r\nd SEARCH NEW\r\n')
  const status = ['* STATUS Fresh (MESSAGES 1 RECENT 1)', 'b OK STATUS completed']
  await one.says(...status, ...opened('c', 1), '* SEARCH 1', 'd OK SEARCH completed')
  other.send('b SELECT Fresh\r\nc SEARCH NEW\r\nd IDLE\r\n')
  await other.says(...opened('b', 0), '* SEARCH', 'c OK SEARCH completed', '+ idling')
  await server.deliver('Fresh', 'Subject: second\r\n\r\n')
  await other.says('* 2 EXISTS', '* 1 RECENT')
  one.send('e NOOP\r\nf FETCH 1:2 FLAGS\r\n')
  const fetched = ['* 1 FETCH (FLAGS (\\Recent))', '* 2 FETCH (FLAGS ())', 'f OK FETCH completed']
  await one.says('* 2 EXISTS', '* 1 RECENT', 'e OK NOOP completed', ...fetched)
  other.send('DONE\r\ne FETCH 1:2 FLAGS\r\n')
  await other.says(
    'd OK IDLE completed',
    '* 1 FETCH (FLAGS ())',
    '* 2 FETCH (FLAGS (\\Recent))',
    'e OK FETCH completed',
  )
})

it('a search of several mailboxes, and a part of one', async () => {
  for (const name of ['Found', 'Found/Below']) await server.mailboxes.create(server.accountId, name, null)
  for (let at = 0; at < 3; at++) await server.deliver('Found/Below', `Subject: needle ${at}\r\n\r\n`)
  await server.deliver('Found', 'Subject: hay\r\n\r\na needle in it\r\n')
  const client = await signedIn()
  client.send('b ESEARCH IN (subtree Found) RETURN (COUNT PARTIAL -1:-2) TEXT needle\r\n')
  await client.says(
    /^\* ESEARCH \(TAG "b" MAILBOX Found UIDVALIDITY \d+\) UID PARTIAL \(-1:-2 1\) COUNT 1$/,
    /^\* ESEARCH \(TAG "b" MAILBOX Found\/Below UIDVALIDITY \d+\) UID PARTIAL \(-1:-2 2:3\) COUNT 3$/,
    'b OK ESEARCH completed',
  )
  client.send('c ENABLE UIDONLY\r\nd EXAMINE Found/Below\r\n')
  await client.says(
    '* ENABLED UIDONLY',
    'c OK ENABLE completed',
    /FLAGS/,
    /PERMANENTFLAGS/,
    '* 3 EXISTS',
    /RECENT$/,
    /UIDVALIDITY/,
    /UIDNEXT 4/,
    /HIGHESTMODSEQ/,
    /MAILBOXID/,
    /^d OK/,
  )
  client.send('e UID FETCH 1:* RFC822.SIZE (PARTIAL -1:-1)\r\nf SEARCH ALL\r\n')
  await client.says(
    '* 3 UIDFETCH (RFC822.SIZE 21)',
    'e OK FETCH completed',
    'f BAD [UIDREQUIRED] Name messages by UID: UIDONLY is on',
  )
})

it('a connection is signed out of and in again in one packet; under DEFLATE it ends', async () => {
  const client = await signedIn()
  const plain = Buffer.from(`\0${USER}\0${PASSWORD}`).toString('base64')
  client.send(`b SELECT INBOX\r\nc UNAUTHENTICATE\r\nd AUTHENTICATE PLAIN ${plain}\r\ne CLOSE\r\n`)
  await done(client, 'b')
  await client.says(
    'c OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE AUTH=PLAIN] Signed out',
    /^d OK \[CAPABILITY .*\] Signed in$/,
    'e BAD CLOSE is not possible without a selected mailbox',
  )
  client.send('f COMPRESS DEFLATE\r\n')
  await client.says('f OK DEFLATE active')
  const send = client.deflate()
  send('g NOOP\r\n')
  await client.says('g OK NOOP completed')
  send('h UNAUTHENTICATE\r\n')
  await client.says(
    '* BYE A compressed connection is not signed out of',
    'h BAD UNAUTHENTICATE is not possible under DEFLATE',
  )
  await client.ended()
})
