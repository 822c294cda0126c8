/** mbsync keeping a Maildir and the server the same, both ways: new mail, flags, deletions, mailboxes. */
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MailboxRef } from '../../src/mail/messages.ts'
import { Flag } from '../../src/store/types.ts'
import { has, type ImapServer, PASSWORD, startImapServer, USER } from './fixtures/imap.ts'

const run = promisify(execFile)
let server: ImapServer
let maildir: string

beforeAll(async () => {
  server = await startImapServer()
  maildir = path.join(server.folder, 'maildir')
  await mkdir(maildir)
  await writeFile(
    path.join(server.folder, 'mbsyncrc'),
    `IMAPAccount facteur
Host localhost
Port ${server.imaps}
User ${USER}
Pass "${PASSWORD}"
SSLType IMAPS
CertificateFile ${server.certificateFile}

IMAPStore far
Account facteur

MaildirStore near
Path ${maildir}/
Inbox ${maildir}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
Sync All
SyncState *
`,
  )
})

afterAll(async () => {
  expect(server.errors).toEqual([])
  await server.stop()
})

const mbsync = (): Promise<unknown> => run('mbsync', ['--config', path.join(server.folder, 'mbsyncrc'), '--all'])

interface Kept {
  subject: string
  flags: string
  file: string
}

/** What the Maildir holds, by subject. */
async function near(mailbox: string): Promise<Kept[]> {
  const kept: Kept[] = []
  for (const part of ['new', 'cur'])
    for (const name of await readdir(path.join(maildir, mailbox, part))) {
      const file = path.join(maildir, mailbox, part, name)
      const subject = /^Subject: (.*)$/m.exec(await readFile(file, 'utf8'))?.[1]?.trim() ?? ''
      kept.push({ subject, flags: name.split(':2,')[1] ?? '', file })
    }
  return kept.sort((a, b) => a.subject.localeCompare(b.subject))
}

/** What the server holds: subjects and system flags. */
async function far(name: string): Promise<[string, number][]> {
  const rows = await server.messages.withEmail(await mailbox(name), { from: 1, to: 0xffffffff })
  const subject = (envelope: string): string => /^\((?:NIL|"[^"]*") "([^"]*)"/.exec(envelope)?.[1] ?? ''
  return rows.map(({ envelope, flags }): [string, number] => [subject(envelope), flags.system]).sort()
}

async function mailbox(name: string): Promise<MailboxRef> {
  const { accountId } = server
  const { mailboxId } = await server.mailboxes.get(accountId, name)
  return { accountId, mailboxId }
}

describe.skipIf(!has('mbsync'))('mbsync (skipped where isync is not installed)', () => {
  it('brings new mail and mailboxes both ways', async () => {
    for (const subject of ['one', 'two', 'three']) await server.deliver('INBOX', `Subject: ${subject}\r\n\r\nbody\r\n`)
    await server.mailboxes.create(server.accountId, 'Far/Inner', null)
    await server.deliver('Far/Inner', 'Subject: inner\r\n\r\nbody\r\n', { system: Flag.Seen, keywords: [] })
    for (const part of ['Near', 'Near/cur', 'Near/new', 'Near/tmp']) await mkdir(path.join(maildir, part))
    await writeFile(path.join(maildir, 'Near/new/1.1.host'), 'Subject: written here\n\nbody\n')
    await mbsync()
    expect((await near('INBOX')).map(({ subject }) => subject)).toEqual(['one', 'three', 'two'])
    expect(await near('Far/Inner')).toMatchObject([{ subject: 'inner', flags: 'S' }])
    expect(await far('Near')).toEqual([['written here', 0]])
  })

  it('brings flags and deletions both ways, and nothing else changes', async () => {
    const [one, , two] = await near('INBOX')
    await rename(one!.file, path.join(maildir, 'INBOX/cur', `${path.basename(one!.file).split(':')[0]}:2,FS`))
    await unlink(two!.file)
    await server.messages.setFlags(await mailbox('INBOX'), {
      uids: [{ from: 3, to: 3 }],
      mode: 'add',
      flags: { system: Flag.Answered, keywords: [] },
      unchangedSince: null,
    })
    await mbsync()
    expect(await far('INBOX')).toEqual([
      ['one', Flag.Seen | Flag.Flagged],
      ['three', Flag.Answered],
    ])
    expect(await near('INBOX')).toMatchObject([
      { subject: 'one', flags: 'FS' },
      { subject: 'three', flags: 'R' },
    ])
    await server.messages.expunge(await mailbox('INBOX'), [{ from: 1, to: 1 }], false)
    await mbsync()
    expect((await near('INBOX')).map(({ subject }) => subject)).toEqual(['three'])
    const before = [await near('INBOX'), await far('INBOX'), await far('Near')]
    await mbsync()
    expect([await near('INBOX'), await far('INBOX'), await far('Near')]).toEqual(before)
  })
})
