/** A copy of the mailbox on somebody's disk, which mbsync keeps the same both ways while he changes it. */
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { certificateFolder } from '../../src/ops/data-folder.ts'
import { run } from '../integration/fixtures/programs.ts'
import { type Copy, enough, type Mailbox, mailboxes, password, placeOf, type Scene } from './scene.ts'

const sizes = [300, 2_000, 20_000]
const flags = ['F', 'R', 'S']

interface Kept {
  file: string
  name: string
  id: string | null
}

export class MaildirCopy {
  readonly #scene: Scene
  readonly #root: string
  readonly #name: string
  #serial = 0

  constructor(scene: Scene, name: string) {
    this.#scene = scene
    this.#name = name
    this.#root = path.join(scene.folder, name)
  }

  async make(): Promise<void> {
    await mkdir(this.#root)
    await writeFile(
      this.#settings,
      `IMAPAccount facteur
Host localhost
Port ${this.#scene.service.ports.imaps}
User ada@example.org
Pass "${password}"
SSLType IMAPS
CertificateFile ${path.join(certificateFolder(this.#scene.service), 'certificate.pem')}
Timeout 30

IMAPStore far
Account facteur

MaildirStore near
Path ${this.#root}/
Inbox ${this.#root}/INBOX

Channel all
Far :far:
Near :near:
Patterns ${mailboxes.join(' ')}
Create Both
Expunge Both
Sync All
SyncState *
`,
    )
  }

  /** Changes the copy and has it synced, over and over. */
  async keepOn(): Promise<void> {
    while (!this.#scene.isOver) {
      if (await this.sync()) await this.#change()
      await sleep(this.#scene.random.between(200, 3_000))
    }
  }

  /** Whether it went well: the service may be away. */
  async sync(): Promise<boolean> {
    const { code, output } = await run('mbsync', ['--config', this.#settings, '--all', '--quiet'])
    this.#scene.record.count(code === 0 ? 'synced' : 'syncs cut off')
    if (code !== 0 && /UIDVALIDITY|corrupt|inconsistent|BAD /i.test(output))
      this.#scene.record.problem(`mbsync of ${this.#name} says: ${output.trim().slice(0, 500)}`)
    return code === 0
  }

  async contents(): Promise<Copy> {
    const copy: Copy = new Map()
    for (const mailbox of mailboxes)
      for (const { id, name } of await this.#kept(mailbox)) {
        if (id === null) continue
        const set = [...(name.split(':2,')[1] ?? '')].filter(flag => flags.includes(flag))
        copy.set(id, [...(copy.get(id) ?? []), placeOf(mailbox, set)].sort())
      }
    return copy
  }

  async #change(): Promise<void> {
    const { record, random } = this.#scene
    for (const mailbox of mailboxes) {
      const kept = await this.#kept(mailbox)
      for (const { file, name, id } of random.some(kept, Math.min(5 / Math.max(kept.length, 1), 0.3))) {
        if (id === null) continue
        const chance = random.below(10)
        const base = (name.split(':')[0] ?? '').replace(/,U=\d+/, '')
        if (chance < (kept.length > enough ? 7 : 1)) {
          record.deleted.add(id)
          await unlink(file)
          record.count('deleted in Maildirs')
        } else if (chance < 8) {
          const set = random.some(flags, 0.5).join('')
          await rename(file, path.join(this.#root, mailbox, 'cur', `${name.split(':')[0]}:2,${set}`))
          record.count('flagged in Maildirs')
        } else {
          record.moved.add(id)
          const other: Mailbox = mailbox === 'INBOX' ? 'Other' : 'INBOX'
          // mbsync knows files by the number in their name: one that moves gets another.
          await rename(file, path.join(this.#root, other, 'cur', `${base}:2,${name.split(':2,')[1] ?? ''}`))
          record.count('moved in Maildirs')
        }
      }
    }
    const { id, text } = record.next(random.pick(sizes))
    const name = `${Date.now()}.${this.#name}-${++this.#serial}.local`
    const unfinished = path.join(this.#root, 'Other', 'tmp', name)
    await writeFile(unfinished, text)
    await rename(unfinished, path.join(this.#root, 'Other', 'new', name))
    record.letters.set(id, 'taken')
    record.count('added in Maildirs')
  }

  async #kept(mailbox: Mailbox): Promise<Kept[]> {
    const kept: Kept[] = []
    for (const part of ['new', 'cur'])
      for (const name of await readdir(path.join(this.#root, mailbox, part))) {
        const file = path.join(this.#root, mailbox, part, name)
        kept.push({
          file,
          name,
          id: this.#scene.record.idOf(await readFile(file, 'latin1'), `${this.#name}/${mailbox} ${name}`),
        })
      }
    return kept
  }

  get #settings(): string {
    return `${this.#root}.mbsyncrc`
  }
}
