import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from './log.ts'
import { ensureSelfSigned, makeSelfSigned } from './self-signed.ts'
import { CertificateError, loadCertificate } from './tls.ts'

const day = 24 * 60 * 60_000
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facteur-tls-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a self-signed certificate', () => {
  const now = Date.UTC(2026, 10, 23, 20)
  const names = ['mail.example.org', 'localhost', '127.0.0.1', '::1', '2001:db8::a:1', '::ffff:192.0.2.1']
  const certificate = new X509Certificate(makeSelfSigned(names, now).cert)

  it('names each host and address', () => {
    expect(certificate.subject).toBe('CN=mail.example.org')
    expect(certificate.checkHost('localhost')).toBe('localhost')
    for (const address of ['127.0.0.1', '::1', '2001:db8::a:1']) expect(certificate.checkIP(address)).toBe(address)
    expect(certificate.checkIP('2001:db8::a:2')).toBeUndefined()
    expect(certificate.subjectAltName).toContain('IP Address:0:0:0:0:0:FFFF:C000:201')
  })

  it('is signed by its own key and valid from an hour ago for 825 days', () => {
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkIssued(certificate)).toBe(true)
    expect(certificate.validFromDate.getTime()).toBe(now - day / 24)
    expect(certificate.validToDate.getTime()).toBe(now + 825 * day)
  })

  it('may end after 2050', () => {
    const late = new X509Certificate(makeSelfSigned(['a'], Date.UTC(2049, 0, 1)).cert)
    expect(late.validToDate.getTime()).toBe(Date.UTC(2049, 0, 1) + 825 * day)
  })

  it('is made once, and again when a name is missing or its end is near', async () => {
    const clock = { now: () => now }
    const first = await ensureSelfSigned(folder, ['a.example'], clock)
    expect(first.created).toBe(true)
    expect((await stat(first.keyFile)).mode & 0o077).toBe(0)
    expect((await ensureSelfSigned(folder, ['a.example'], clock)).created).toBe(false)
    expect((await ensureSelfSigned(folder, ['a.example', 'b.example'], clock)).created).toBe(true)
    expect((await ensureSelfSigned(folder, ['b.example'], { now: () => now + 800 * day })).created).toBe(true)
  })

  it('is made again when a start was cut short between key and certificate', async () => {
    const clock = { now: () => now }
    const { keyFile } = await ensureSelfSigned(folder, ['a.example'], clock)
    await writeFile(keyFile, makeSelfSigned(['a.example'], now).key)
    expect((await ensureSelfSigned(folder, ['a.example'], clock)).created).toBe(true)
    await loadCertificate(await ensureSelfSigned(folder, ['a.example'], clock), silentLog)
  })
})

describe('the certificate in use', () => {
  it('changes with its files, and tells who asked', async () => {
    const files = await ensureSelfSigned(folder, ['old.example'], { now: () => Date.now() })
    const certificate = await loadCertificate(files, silentLog)
    const before = certificate.current()
    let told = 0
    certificate.onChange(() => told++)
    expect(await certificate.reload()).toBe(false)
    expect(certificate.current()).toBe(before)

    const { cert, key } = makeSelfSigned(['new.example'], Date.now())
    await writeFile(files.certFile, cert)
    await writeFile(files.keyFile, key)
    expect(await certificate.reload()).toBe(true)
    expect(certificate.current()).not.toBe(before)
    expect(certificate.describe()).toMatchObject({ names: ['new.example'], selfSigned: true })
    expect(told).toBe(1)
  })

  it('is looked at from time to time', async () => {
    const files = await ensureSelfSigned(folder, ['old.example'], { now: () => Date.now() })
    const certificate = await loadCertificate(files, silentLog)
    certificate.watch(5)
    try {
      const { cert, key } = makeSelfSigned(['new.example'], Date.now())
      // Between the two writes the files don't match, which must not end the watch.
      await writeFile(files.certFile, cert)
      await new Promise(resolve => setTimeout(resolve, 20))
      await writeFile(files.keyFile, key)
      await expect.poll(() => certificate.describe().names).toEqual(['new.example'])
    } finally {
      certificate.stop()
    }
  })

  it('tells once that its end is near, once that it is there, and the same of the next', async () => {
    let now = Date.now()
    const clock = { now: () => now }
    const files = await ensureSelfSigned(folder, ['a.example'], clock)
    const told: string[] = []
    const log = pino({}, { write: line => void told.push(JSON.parse(line).msg) })
    const certificate = await loadCertificate(files, log, clock)
    for (const days of [810, 2, 1, 12, 1]) {
      now += days * day
      await certificate.reload()
    }
    const [soon, over] = [
      'the certificate expires soon: renew it',
      'the certificate has expired, and programs refuse it: renew it',
    ]
    expect(told).toEqual([soon, over])

    const { cert, key } = makeSelfSigned(['a.example'], now - 820 * day)
    await writeFile(files.certFile, cert)
    await writeFile(files.keyFile, key)
    await certificate.reload()
    expect(told.slice(2)).toEqual(['certificate changed', soon])
    now += 6 * day
    await loadCertificate(files, log, clock)
    expect(told.slice(4)).toEqual([over])
  })

  it('stays when its files go wrong', async () => {
    const files = await ensureSelfSigned(folder, ['a.example'], { now: () => Date.now() })
    const certificate = await loadCertificate(files, silentLog)
    const before = certificate.current()
    await writeFile(files.keyFile, makeSelfSigned(['a.example'], Date.now()).key)
    await expect(certificate.reload()).rejects.toThrow(CertificateError)
    await writeFile(files.certFile, (await readFile(files.certFile, 'utf8')).slice(0, 100))
    await expect(certificate.reload()).rejects.toThrow(CertificateError)
    await rm(files.certFile)
    await expect(certificate.reload()).rejects.toThrow(/ENOENT/)
    expect(certificate.current()).toBe(before)
  })

  it.each(['', 'cut'])(
    'stays while a file is being written, empty or half, and the file is named (%j)',
    async state => {
      const files = await ensureSelfSigned(folder, ['a.example'], { now: () => Date.now() })
      const certificate = await loadCertificate(files, silentLog)
      const before = certificate.current()
      const { cert, key } = makeSelfSigned(['a.example'], Date.now())
      for (const [file, whole] of [
        [files.certFile, cert],
        [files.keyFile, key],
      ] as const) {
        await writeFile(file, state === '' ? '' : whole.slice(0, whole.length / 2))
        await expect(certificate.reload()).rejects.toThrow(CertificateError)
        await expect(certificate.reload()).rejects.toThrow(file)
        await expect(loadCertificate(files, silentLog)).rejects.toThrow(file)
        expect(certificate.current()).toBe(before)
        expect(certificate.describe().names).toEqual(['a.example'])
        await writeFile(file, whole)
      }
      // Both at once: a context is made of them.
      for (const file of Object.values(files).filter(value => typeof value === 'string')) await writeFile(file, '')
      await expect(certificate.reload()).rejects.toThrow(CertificateError)
      expect(certificate.current()).toBe(before)
    },
  )
})
