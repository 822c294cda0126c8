import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { heldHeapBytes } from '../../test/support/held-memory.ts'
import { Flag } from '../store/types.ts'
import { type ImportItem, withCrlf } from './import-item.ts'
import { flagsOf, maildirFolders, readMaildir } from './import-maildir.ts'
import { fromLineDate, MboxReader, readMbox } from './import-mbox.ts'
import { statusFlags } from './mbox-flags.ts'

/** What the file system does when another changes it meanwhile, and whether it tells where an open file lies. */
const system = vi.hoisted(() => ({ tells: true, whenListed: (_names: string[]): void => {} }))
vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>()
  return { ...fs, existsSync: (file: string) => (system.tells || !file.startsWith('/proc/')) && fs.existsSync(file) }
})
vi.mock('node:fs/promises', async original => {
  const fs = await original<typeof import('node:fs/promises')>()
  const readdir = async (folder: string, options: object) => {
    const entries = (await fs.readdir(folder, options)) as (string | { name: string })[]
    system.whenListed(entries.map(entry => (typeof entry === 'string' ? entry : entry.name)))
    return entries
  }
  return { ...fs, readdir }
})

const text = (item: ImportItem | undefined): string =>
  item?.kind === 'message' ? Buffer.from(item.bytes).toString('latin1') : `${item?.kind}`

function mbox(source: string, { pieces = [source], maxMessageBytes = 10_000 } = {}): ImportItem[] {
  const reader = new MboxReader({ maxMessageBytes })
  return [...pieces.flatMap(piece => reader.push(Buffer.from(piece, 'latin1'))), ...reader.end()]
}

const two = `From a@b.test Fri Jul  8 12:08:34 2011
Subject: one
Status: RO

>From the start
>>From deeper
From 10:00 on no year is given

From - Sat Jan  1 00:00:00 2022
Subject: two
X-Mozilla-Status: 1007

last line without an end`

describe('mbox', () => {
  it('yields messages with CRLF, unquoted, without the separating lines', () => {
    const [first, second, ...more] = mbox(two)
    expect(more).toEqual([])
    expect(text(first)).toBe(
      'Subject: one\r\nStatus: RO\r\n\r\nFrom the start\r\n>From deeper\r\nFrom 10:00 on no year is given\r\n',
    )
    expect(text(second)).toBe('Subject: two\r\nX-Mozilla-Status: 1007\r\n\r\nlast line without an end\r\n')
    expect(first).toMatchObject({
      source: 'line 1',
      internalDate: Date.UTC(2011, 6, 8, 12, 8, 34),
      flags: { system: Flag.Seen, keywords: [] },
    })
    expect(second).toMatchObject({
      source: 'line 9',
      internalDate: Date.UTC(2022, 0, 1),
      flags: { system: Flag.Seen | Flag.Answered | Flag.Flagged, keywords: ['$Forwarded'] },
    })
  })

  it('reads the same however the bytes are cut', () => {
    const whole = mbox(two)
    for (let at = 1; at < two.length; at++)
      expect(mbox(two, { pieces: [two.slice(0, at), two.slice(at)] })).toEqual(whole)
    expect(mbox(two, { pieces: [...two] })).toEqual(whole)
  })

  it('keeps CRLF files as they are', () => {
    expect(text(mbox(two.replaceAll('\n', '\r\n'))[0])).toBe(text(mbox(two)[0]))
  })

  it('falls back to the Date field where the From_ line has no date it knows', () => {
    const [item] = mbox('From x 12:00 some day of 2006\nDate: Mon, 2 Jan 2006 15:04:05 -0700\n\n')
    expect(item).toMatchObject({ internalDate: Date.UTC(2006, 0, 2, 22, 4, 5) })
  })

  it('falls back to it where nobody knows the zone, or the time is none', () => {
    for (const date of ['Fri Jul  8 14:08:34 CEST 2011', 'Fri Jul  8 25:08:34 2011']) {
      const [item] = mbox(`From a@b.test ${date}\nDate: Fri, 8 Jul 2011 14:08:34 +0200\n\n`)
      expect(item).toMatchObject({ internalDate: Date.UTC(2011, 6, 8, 12, 8, 34) })
    }
  })

  it('names what is too large or empty, and goes on', () => {
    const from = 'From a Fri Jul  8 12:08:34 2011\n'
    const items = mbox(`${from}${'x'.repeat(99)}\n\n${from}\n${from}Subject: ok\n\n`, { maxMessageBytes: 50 })
    expect(items.map(item => (item.kind === 'problem' ? `${item.source}: ${item.problem}` : text(item)))).toEqual([
      'line 1: larger than 50 bytes',
      '\r\n',
      'Subject: ok\r\n',
    ])
  })

  it('holds no more than a message of a line that never ends', () => {
    const items = mbox('', {
      pieces: ['From a Fri Jul  8 12:08:34 2011\n', ...Array(100).fill('y'.repeat(1000))],
      maxMessageBytes: 5_000,
    })
    expect(items).toMatchObject([{ kind: 'problem', problem: 'larger than 5000 bytes' }])
  })

  it('takes the rest of such a line for no line of its own', () => {
    const from = 'From a Fri Jul  8 12:08:34 2011\n'
    const items = mbox('', { pieces: [`${from}\n`, 'y'.repeat(101), `${from}x\n\n${from}y\n`], maxMessageBytes: 100 })
    expect(items.map(item => (item.kind === 'problem' ? `${item.source}: ${item.problem}` : text(item)))).toEqual([
      'line 1: larger than 100 bytes',
      'y\r\n',
    ])
  })

  it('takes linear time for a line without end', () => {
    const reader = new MboxReader({ maxMessageBytes: 100_000_000 })
    const before = process.threadCpuUsage()
    reader.push(Buffer.from('From a Fri Jul  8 12:08:34 2011\n'))
    for (let at = 0; at < 8192; at++) reader.push(Buffer.alloc(2048))
    expect(reader.end()).toMatchObject([{ kind: 'message', source: 'line 1' }])
    const { user, system } = process.threadCpuUsage(before)
    // Quadratic work takes a minute.
    expect(user + system).toBeLessThan(10_000_000)
  })

  it('holds lines for no more than their bytes', () => {
    const reader = new MboxReader({ maxMessageBytes: 100_000_000 })
    const before = heldHeapBytes()
    reader.push(Buffer.from('From a Fri Jul  8 12:08:34 2011\n'))
    for (let at = 0; at < 32; at++) reader.push(Buffer.alloc(65_536, '\n'))
    expect(heldHeapBytes() - before).toBeLessThan(50 * 1024 * 1024)
    expect(reader.end()).toMatchObject([{ kind: 'message' }])
  })

  it('names where a file could be read no further, with all that came before', async () => {
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(two)
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' })
    }
    const items = await Array.fromAsync(readMbox(file(), { maxMessageBytes: 10_000 }))
    expect(items).toMatchObject([
      { kind: 'message', source: 'line 1' },
      {
        kind: 'problem',
        source: 'line 9',
        problem: "this message and all behind it can't be read: EIO: i/o error, read",
      },
    ])
  })

  it('says once that a file is none', () => {
    expect(mbox('PK\x03\x04 something\nelse\nFrom a Fri Jul  8 12:08:34 2011\nx\n')).toMatchObject([
      { kind: 'problem', source: 'line 1', problem: expect.stringContaining('not an mbox file') },
    ])
  })

  it('never throws, whatever the file holds', () => {
    const piece = fc.constantFrom('From a 1:00 2011', 'From ', '>From ', '\n', '\r\n', '\r', 'Status: RO', 'x', '\xff')
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        mbox(pieces.join(''), { pieces, maxMessageBytes: 20 })
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['From a@b Fri Jul  8 12:08:34 2011', Date.UTC(2011, 6, 8, 12, 8, 34)],
    ['From a@b Fri Jul  8 12:08 2011', Date.UTC(2011, 6, 8, 12, 8)],
    ['From 17@xxx Mon Jan 05 10:00:00 +0200 2020', Date.UTC(2020, 0, 5, 8)],
    ['From a@b Mon Jan  5 10:00:00 2020 +0200', Date.UTC(2020, 0, 5, 8)],
    ['From a@b Thu, 1 Feb 2024 10:00:00 +0100', Date.UTC(2024, 1, 1, 9)],
    ['From a@b Mon Jan  5 10:00:00 EST 2020', Date.UTC(2020, 0, 5, 15)],
    ['From a@b Fri Jul  8 12:08:34 CEST 2011', null],
    ['From a@b Fri Jul  8 12:08:34 2011 +9900', null],
    ['From a@b Fri Jul  8 25:08:34 2011', null],
    ['From a@b Fri, 8 Jul 2011 12:08:34 CEST', null],
    ['From a@b', null],
  ])('date of "%s"', (line, expected) => expect(fromLineDate(line)).toBe(expected))

  it.each([
    ['Status: O\r\nX-Status: AF', Flag.Answered | Flag.Flagged],
    ['status: ro\r\nX-Status: ', 0],
    ['X-Status: DT', Flag.Deleted | Flag.Draft],
    ['Subject: Status: RO', 0],
  ])('flags of %j', (header, system) => expect(statusFlags(header)).toEqual({ system, keywords: [] }))
})

describe('line ends', () => {
  it('become CRLF, and stay so', () => {
    const bytes = fc.array(fc.constantFrom(0x0a, 0x0d, 0x61)).map(array => Uint8Array.from(array))
    fc.assert(
      fc.property(bytes, input => {
        const once = withCrlf(input)
        const latin1 = Buffer.from(once).toString('latin1')
        expect(latin1).toBe(
          Buffer.from(input)
            .toString('latin1')
            .replace(/\r?\n/g, '\r\n')
            .concat(input.length && input.at(-1) !== 0x0a ? '\r\n' : ''),
        )
        expect(withCrlf(once)).toEqual(once)
      }),
    )
  })
})

describe('Maildir', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'facteur-maildir-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  function put(file: string, content: string, modified = 1_600_000_000): void {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), content)
    utimesSync(path.join(root, file), modified, modified)
  }

  const read = async (): Promise<ImportItem[]> =>
    Array.fromAsync(readMaildir(await maildirFolders(root), { maxMessageBytes: 1000 }))

  it('yields every folder, in the order of delivery, with flags, keywords and dates', async () => {
    put('cur/1700000002.a.host:2,RS', 'second\n')
    put('cur/1700000001.z.host:2,Fab', 'first\n')
    put('new/1700000003.b.host', 'third\n')
    put('tmp/1700000000.c.host', 'half a message')
    put('dovecot-keywords', '0 Work\n1 $Junk\n')
    put('.Sent.2024/cur/1.host:2,SP', 'sent\n')
    put('.R&AOk-union/cur/2.host:2,', 'meeting\n')
    put('Plain/Deep/cur/3.host:2,T', 'deep\n')
    put('.20 % *off*/cur/4.host:2,', 'cheap\n')
    put('maildirsize', '1')
    const items = await read()
    expect(
      items.map(item => item.kind === 'message' && [item.mailbox, text(item), item.flags.system, item.flags.keywords]),
    ).toEqual([
      ['', 'first\r\n', Flag.Flagged, ['$Junk', 'Work']],
      ['', 'second\r\n', Flag.Answered | Flag.Seen, []],
      ['', 'third\r\n', 0, []],
      ['20 _ _off_', 'cheap\r\n', 0, []],
      ['Réunion', 'meeting\r\n', 0, []],
      ['Sent/2024', 'sent\r\n', Flag.Seen, ['$Forwarded']],
      ['Plain/Deep', 'deep\r\n', Flag.Deleted, []],
    ])
    expect(items[0]).toMatchObject({ internalDate: 1_600_000_000_000 })
  })

  it('names what is empty or too large, and goes on', async () => {
    put('cur/1.empty:2,', '')
    put('cur/2.large:2,', 'x'.repeat(1001))
    put('cur/3.right:2,', 'ok\n')
    expect((await read()).map(item => (item.kind === 'problem' ? item.problem : text(item)))).toEqual([
      'empty',
      'larger than 1000 bytes',
      'ok\r\n',
    ])
  })

  it('reads what Dovecot has compressed with gzip or zstd, and names what is packed otherwise', async () => {
    const message = 'Subject: x\n\nhello\n'
    const large = zstdCompressSync('x'.repeat(1001))
    const packed = [gzipSync(message), zstdCompressSync(message), large, gzipSync(message).subarray(0, 20)]
    const others = ['BZh91AY&SY', 'Dovecot-LZ4\r*\x9b\xc5', 'CRYPTED\x03\x07'].map(text => Buffer.from(text, 'latin1'))
    for (const [at, content] of [...packed, ...others].entries()) {
      put(`cur/${at + 1}.host:2,SZ`, '')
      writeFileSync(path.join(root, `cur/${at + 1}.host:2,SZ`), content)
    }
    put('cur/9.host:2,', 'BZh: a field\n')
    const told = (await read()).map(item => (item.kind === 'problem' ? item.problem.split(',')[0] : text(item)))
    const whole = 'Subject: x\r\n\r\nhello\r\n'
    expect(told).toEqual([
      whole,
      whole,
      'larger than 1000 bytes',
      'packed with gzip by Dovecot',
      'packed with bzip2 by Dovecot',
      'packed with lz4 by Dovecot',
      'packed with mail_crypt by Dovecot',
      'BZh: a field\r\n',
    ])
  })

  it('reads what has a name that is not UTF-8', async () => {
    put('cur/1.right:2,', 'ok\n')
    put('.Été/cur/1.right:2,', 'summer\n')
    const bytes = (name: string): Buffer => Buffer.from(path.join(root, name), 'latin1')
    for (const name of ['.Caf\xe9', '.Sent/Caf\xe9']) {
      mkdirSync(bytes(`${name}/cur`), { recursive: true })
      writeFileSync(bytes(`${name}/cur/2.h\xf4te:2,S`), 'coffee\n')
    }
    writeFileSync(bytes('.Caf\xe9/cur/3.h\xf4te:2,'), '')
    symlinkSync(root, bytes('.L\xefen'))
    const told = (await read()).map(item =>
      item.kind === 'problem'
        ? [item.source, item.problem]
        : [item.source, text(item), item.mailbox, item.flags.system],
    )
    expect(told).toEqual([
      ['.Lïen', 'a link, which is not followed'],
      ['cur/1.right:2,', 'ok\r\n', '', 0],
      ['Café: cur/2.hôte:2,S', 'coffee\r\n', 'Café', Flag.Seen],
      ['Café: cur/3.hôte:2,', 'empty'],
      ['Sent/Café: cur/2.hôte:2,S', 'coffee\r\n', 'Sent/Café', Flag.Seen],
      ['Été: cur/1.right:2,', 'summer\r\n', 'Été', 0],
    ])
  })

  it('follows no link out of it, waits for no pipe, and says so', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'facteur-elsewhere-'))
    const link = (to: string, file: string): void => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      symlinkSync(path.join(elsewhere, to), path.join(root, file))
    }
    try {
      for (const folder of ['', '.Sent']) mkdirSync(path.join(elsewhere, folder, 'cur'), { recursive: true })
      writeFileSync(path.join(elsewhere, 'secret'), '0 Secret\n')
      writeFileSync(path.join(elsewhere, 'cur', '1.theirs:2,'), 'not his\n')
      writeFileSync(path.join(elsewhere, '.Sent', 'cur', '2.theirs:2,'), 'not his\n')
      link('secret', 'new/1.link:2,a')
      execFileSync('mkfifo', [path.join(root, 'new', '2.pipe')])
      mkdirSync(path.join(root, 'new', '3.folder'))
      put('new/4.right:2,a', 'ok\n')
      link('cur', 'cur')
      link('.Sent', '.Sent')
      link('.Sent', 'Plain/Deep')
      link('secret', 'dovecot-keywords')
      link('secret', 'README')
      const seen = (await read()).map(item => [item.source, item.kind === 'problem' ? item.problem : text(item)])
      expect(seen).toEqual([
        ['.Sent', 'a link, which is not followed'],
        ['cur', 'a link, which is not followed'],
        ['dovecot-keywords', 'a link, which is not followed'],
        ['new/1.link:2,a', 'a link, which is not followed'],
        ['new/2.pipe', 'no plain file'],
        ['new/3.folder', 'no plain file'],
        ['new/4.right:2,a', 'ok\r\n'],
        ['Plain: Deep', 'a link, which is not followed'],
      ])
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })

  describe.each([
    ['tells what is open', true],
    ['does not tell what is open', false],
  ])('on a system that %s', (_, tells) => {
    let elsewhere: string
    beforeEach(() => {
      elsewhere = mkdtempSync(path.join(tmpdir(), 'facteur-elsewhere-'))
      for (const file of ['1.right:2,a', 'cur/1.right:2,a', 'cur/2.theirs:2,', 'secret']) {
        mkdirSync(path.dirname(path.join(elsewhere, file)), { recursive: true })
        writeFileSync(path.join(elsewhere, file), 'not his\n')
      }
      writeFileSync(path.join(elsewhere, 'dovecot-keywords'), '0 Secret\n')
      system.tells = tells
      put('cur/1.right:2,a', 'ok\n')
      put('.Sent/cur/1.right:2,a', 'sent\n')
      put('.Sent/dovecot-keywords', '0 Work\n')
    })
    afterEach(() => {
      Object.assign(system, { tells: true, whenListed: () => {} })
      rmSync(elsewhere, { recursive: true })
    })

    const replace = (folder: string, target: string): void => {
      renameSync(path.join(root, folder), path.join(root, 'tmp'))
      symlinkSync(target, path.join(root, folder))
    }
    const told = (items: ImportItem[]) =>
      items.map(item => [item.source, item.kind === 'problem' ? item.problem : text(item)])
    const elsewhereNow = 'moved meanwhile, or behind a link, which is not followed'

    it('reads a Maildir that was named by a link', async () => {
      const link = path.join(elsewhere, 'Maildir')
      symlinkSync(root, link)
      const items = await Array.fromAsync(readMaildir(await maildirFolders(link), { maxMessageBytes: 1000 }))
      expect(told(items)).toEqual([
        ['cur/1.right:2,a', 'ok\r\n'],
        ['Sent: cur/1.right:2,a', 'sent\r\n'],
      ])
      expect(items[1]).toMatchObject({ flags: { keywords: ['Work'] } })
    })

    it.each([
      [
        'cur',
        [
          ['cur/1.right:2,a', elsewhereNow],
          ['Sent: cur/1.right:2,a', 'sent\r\n'],
        ],
      ],
      [
        '.Sent',
        [
          ['cur/1.right:2,a', 'ok\r\n'],
          ['Sent: dovecot-keywords', elsewhereNow],
          ['Sent: cur/1.right:2,a', elsewhereNow],
        ],
      ],
    ])('follows no link that takes the place of %s before it is read', async (folder, expected) => {
      const folders = await maildirFolders(root)
      replace(folder, elsewhere)
      expect(told(await Array.fromAsync(readMaildir(folders, { maxMessageBytes: 1000 })))).toEqual(expected)
    })

    it('follows no link that takes the place of a folder while it is listed', async () => {
      system.whenListed = names => {
        if (!names.includes('dovecot-keywords')) return
        system.whenListed = () => {}
        replace('.Sent', elsewhere)
      }
      const seen = told(await read())
      expect(JSON.stringify(seen)).not.toContain('theirs')
      expect(seen).toContainEqual(['cur/1.right:2,a', 'ok\r\n'])
      expect(seen.filter(([source]) => source?.includes('Sent')).map(([, what]) => what)).toContain(elsewhereNow)
    })
  })

  it('is told from a folder that is none', async () => {
    put('some/file', 'x')
    expect(await maildirFolders(root)).toEqual([])
  })

  it.each([
    ['1.host', 0, []],
    ['1.host:2,', 0, []],
    ['1.host:2,DFRST', 31, []],
    ['1.host:1,S', 0, []],
    ['1.host;2,S', Flag.Seen, []],
    ['1.host:2,Sz', Flag.Seen, []],
  ])('flags of %s', (file, system, keywords) => expect(flagsOf(file, ['Work'])).toEqual({ system, keywords }))
})
