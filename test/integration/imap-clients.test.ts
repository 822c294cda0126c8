/** IMAP clients of other programs over real sockets: Python's imaplib and curl. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { has, type ImapServer, PASSWORD, startImapServer, USER } from './fixtures/imap.ts'

const run = promisify(execFile)
let server: ImapServer
const large = `Subject: Large\r\n\r\n${`${'y'.repeat(76)}\r\n`.repeat(60_000)}`

beforeAll(async () => {
  server = await startImapServer()
  await server.deliver('INBOX', 'From: ann@example.com\r\nSubject: First\r\n\r\nHello\r\n')
  await server.deliver('INBOX', large)
})

afterAll(async () => {
  expect(server.errors).toEqual([])
  await server.stop()
})

const script = `
import imaplib, ssl, sys, time
host, imaps, imap, cafile, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=cafile)

def check(answer, expected='OK'):
    assert answer[0] == expected, answer
    return answer[1]

client = imaplib.IMAP4('localhost', int(imap))
try:
    client.login(user, password)
    raise Exception('a password without TLS')
except imaplib.IMAP4.error:
    pass
check(client.starttls(context))
check(client.login(user, password))
client.logout()

client = imaplib.IMAP4_SSL('localhost', int(imaps), ssl_context=context)
check(client.authenticate('PLAIN', lambda challenge: b'\\0' + user.encode() + b'\\0' + password.encode()))
assert b'INBOX' in b''.join(check(client.list()))
check(client.create('Python'))
check(client.subscribe('Python'))
assert any(b'Python' in line for line in check(client.lsub()))
assert check(client.select('Python')) == [b'0']
message = b'Subject: snake\\r\\n\\r\\nhiss\\r\\n'
check(client.append('Python', '(\\\\Flagged Coiled)', imaplib.Time2Internaldate(0), message))
assert check(client.noop()) is not None
assert check(client.search(None, 'FLAGGED', 'KEYWORD', 'Coiled')) == [b'1']
assert check(client.fetch('1', '(RFC822)'))[0][1] == message
data = check(client.fetch('1', '(FLAGS INTERNALDATE RFC822.SIZE)'))
assert b'\\\\Seen' in data[0] and b'01-Jan-1970' in data[0].replace(b'" 1', b'"01'), data
check(client.store('1', '-FLAGS', '(\\\\Flagged)'))
assert check(client.uid('COPY', '1', 'INBOX')) is not None
assert check(client.sort('(REVERSE DATE)', 'UTF-8', 'ALL')) == [b'1']
assert check(client.thread('REFERENCES', 'UTF-8', 'ALL')) == [b'(1)']
assert check(client.status('Python', '(MESSAGES UIDNEXT)')) == [b'Python (MESSAGES 1 UIDNEXT 2)']
assert check(client.getquotaroot('INBOX'))[0]
assert b'"" "/"' in check(client.namespace())[0]
imaplib.Commands['REPLACE'] = ('SELECTED',)
client.literal = b'Subject: snake\\r\\n\\r\\nhiss again\\r\\n'
check(client._simple_command('REPLACE', '1', 'Python', '(\\\\Draft)'))
assert client.response('EXPUNGE')[1] == [b'1']
assert check(client.uid('SEARCH', 'DRAFT')) == [b'2']
assert check(client.fetch('1', '(RFC822)'))[0][1] == b'Subject: snake\\r\\n\\r\\nhiss again\\r\\n'
check(client.store('1', '+FLAGS.SILENT', '\\\\Deleted'))
assert check(client.expunge()) == [b'1']
check(client.close())
check(client.rename('Python', 'Snake'))
check(client.delete('Snake'))
check(client.select('Nowhere'), 'NO')
check(client.select('INBOX', readonly=True))
try:
    client.store('1', '+FLAGS', '\\\\Seen')
except imaplib.IMAP4.readonly:
    pass
client.logout()
print('done')
`

describe.skipIf(!has('python3'))('imaplib (skipped where python3 is not installed)', () => {
  it('works through its commands', async () => {
    const file = path.join(server.folder, 'client.py')
    await writeFile(file, script)
    const ports = [`${server.imaps}`, `${server.imap}`]
    const { stdout } = await run('python3', [file, 'localhost', ...ports, server.certificateFile, USER, PASSWORD])
    expect(stdout).toBe('done\n')
  })
})

describe.skipIf(!has('curl'))('curl (skipped where curl is not installed)', () => {
  const curl = async (url: string, ...args: string[]): Promise<string> => {
    const common = ['--silent', '--show-error', '--ssl-reqd', '--cacert', server.certificateFile]
    const options = { encoding: 'latin1' as const, maxBuffer: 64 * 1024 * 1024 }
    return (await run('curl', [...common, '--user', `${USER}:${PASSWORD}`, ...args, url], options)).stdout
  }
  const urls = [
    ['under TLS', () => `imaps://localhost:${server.imaps}`],
    ['under STARTTLS', () => `imap://localhost:${server.imap}`],
  ] as const

  it.each(urls)('reads a message of some megabytes byte for byte %s', async (_, url) => {
    expect(await curl(`${url()}/INBOX;UID=2`)).toBe(large)
  })

  it.each(urls)('lists, searches and reads sections %s', async (_, url) => {
    expect(await curl(`${url()}/`)).toContain('* LIST (\\HasNoChildren) "/" INBOX')
    expect(await curl(`${url()}/INBOX?SUBJECT%20first`)).toBe('* SEARCH 1\r\n')
    expect(await curl(`${url()}/INBOX;UID=1;SECTION=TEXT`)).toBe('Hello\r\n')
    expect(await curl(`${url()}/INBOX`, '--request', 'UID FETCH 1 (FLAGS)')).toContain('* 1 FETCH (UID 1 FLAGS (')
  })

  it('appends a file', async () => {
    const file = path.join(server.folder, 'message.eml')
    await writeFile(file, 'Subject: Uploaded\r\n\r\nfrom a file\r\n')
    await curl(`imaps://localhost:${server.imaps}/Drafts`, '--upload-file', file)
    expect(await curl(`imaps://localhost:${server.imaps}/Drafts;UID=1`)).toBe(
      'Subject: Uploaded\r\n\r\nfrom a file\r\n',
    )
  })

  it('is refused with a wrong password', async () => {
    await expect(curl(`imaps://localhost:${server.imaps}/`, '--user', `${USER}:wrong`)).rejects.toThrow('Login denied')
  })
})
