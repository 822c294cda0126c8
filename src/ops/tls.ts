/**
 * The service's certificate: loaded once, reloaded when its files change, never lost to a bad file.
 *
 * Whoever opens a TLS connection asks `current()` for each one, so that a renewed certificate serves the next
 * connection while those that are open keep theirs. Files that can't be read or don't match leave the last good one.
 */
import { constants, createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Clock, systemClock } from './clock.ts'
import { EXPIRES_SOON_MS } from './limits.ts'
import type { Log } from './log.ts'

/** What holds on every port that speaks TLS, beside the certificate. */
export const serverTls = {
  // RFC 8996: TLS 1.0 and 1.1 are not to be used.
  minVersion: 'TLSv1.2',
  honorCipherOrder: true,
  // Each renegotiation costs a whole handshake, no program needs one, and at the fourth Node ends the socket while OpenSSL still
  // reads from it, which takes the process down.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const

/** What servers ask of the certificate. */
export interface SecureContextSource {
  current(): SecureContext
  /** The PEM texts behind `current()`, for libraries that make their own context. */
  pem(): { cert: string; key: string }
  /** Called after each change. Returns the function that ends it. */
  onChange(listener: () => void): () => void
}

export interface CertificateFiles {
  /** PEM: the certificate, then its intermediates. */
  certFile: string
  /** PEM, without a passphrase. */
  keyFile: string
}

export interface Certificate extends SecureContextSource {
  /** What the certificate says of itself, for `facteur check` and the log. */
  describe(): CertificateFacts
  /** Reads the files again; false where they are as before. Rejects with CertificateError, the last good one staying in use. */
  reload(): Promise<boolean>
  /** Looks at the files from time to time, so that a renewal needs no signal. */
  watch(everyMs?: number): void
  stop(): void
}

export interface CertificateFacts {
  subject: string
  names: string[]
  notBefore: number
  notAfter: number
  selfSigned: boolean
}

export class CertificateError extends Error {
  override name = 'CertificateError'
}

/** Renewals come days before the end; a minute is soon enough and costs two small reads. */
const LOOK_EVERY_MS = 60_000

interface Loaded {
  context: SecureContext
  cert: string
  key: string
  digest: string
  facts: CertificateFacts
}

/** Rejects with CertificateError where the files can't be read, are no PEM, or don't belong together. */
export async function loadCertificate(
  files: CertificateFiles,
  log: Log,
  clock: Clock = systemClock,
): Promise<Certificate> {
  let loaded = await load(files)
  let toldOfEnd: 'soon' | 'over' | null = null
  const listeners = new Set<() => void>()
  let timer: NodeJS.Timeout | null = null
  let lastProblem = ''

  /** Once that it is near, and once that it is there: whoever sees to renewals learns of one that failed before users do. */
  const tellOfEnd = (): void => {
    const left = loaded.facts.notAfter - clock.now()
    const end = left <= 0 ? 'over' : left < EXPIRES_SOON_MS ? 'soon' : null
    if (end === null || end === toldOfEnd) return
    toldOfEnd = end
    const facts = { certificate: files.certFile, notAfter: new Date(loaded.facts.notAfter).toISOString() }
    if (end === 'over') log.error(facts, 'the certificate has expired, and programs refuse it: renew it')
    else log.warn(facts, 'the certificate expires soon: renew it')
  }
  tellOfEnd()

  const reload = async (): Promise<boolean> => {
    const next = await load(files)
    lastProblem = ''
    const isOther = next.digest !== loaded.digest
    if (isOther) {
      loaded = next
      toldOfEnd = null
      const { names, notAfter } = loaded.facts
      log.info({ names, notAfter: new Date(notAfter).toISOString() }, 'certificate changed')
      for (const listener of listeners) listener()
    }
    tellOfEnd()
    return isOther
  }

  const look = async (): Promise<void> => {
    try {
      await reload()
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      // Said once, not every minute.
      if (problem !== lastProblem) log.error({ problem }, 'certificate not reloaded, the last good one stays')
      lastProblem = problem
    }
  }

  return {
    current: () => loaded.context,
    pem: () => ({ cert: loaded.cert, key: loaded.key }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    describe: () => loaded.facts,
    reload,
    watch(everyMs = LOOK_EVERY_MS) {
      timer ??= setInterval(() => void look(), everyMs).unref()
    },
    stop() {
      if (timer) clearInterval(timer)
      timer = null
    },
  }
}

/** On somebody's word; what becomes of it is logged. */
export async function reloadCertificate(certificate: Pick<Certificate, 'reload'>, log: Log): Promise<void> {
  try {
    if (!(await certificate.reload())) log.info({}, 'certificate is as before')
  } catch (error) {
    log.error(
      { problem: error instanceof Error ? error.message : String(error) },
      'certificate not reloaded, the last good one stays',
    )
  }
}

async function load({ certFile, keyFile }: CertificateFiles): Promise<Loaded> {
  const [cert, key] = await Promise.all([readPem(certFile), readPem(keyFile)])
  // A context is made of empty files as well, and refuses each connection.
  const certificate = expectUsable(`${certFile} holds no certificate`, () => new X509Certificate(cert))
  const privateKey = expectUsable(`${keyFile} holds no private key`, () => createPrivateKey(key))
  const together = `${certFile} and ${keyFile} can't be used together`
  if (!certificate.checkPrivateKey(privateKey))
    throw new CertificateError(`${together}: the key is not the certificate's`)
  const context = expectUsable(together, () => createSecureContext({ cert, key, ...serverTls }))
  const digest = createHash('sha256').update(cert).update(key).digest('hex')
  return { context, cert, key, digest, facts: factsOf(certificate) }
}

function expectUsable<T>(otherwise: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new CertificateError(`${otherwise}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CertificateError(error instanceof Error ? error.message : String(error))
  }
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    names: (certificate.subjectAltName ?? '').split(', ').map(name => {
      const value = name.replace(/^(?:DNS|IP Address):/, '')
      // OpenSSL spells IPv6 addresses out; a URL has the short form (RFC 5952).
      return isIPv6(value) ? new URL(`http://[${value}]`).hostname.slice(1, -1) : value
    }),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    selfSigned: certificate.checkIssued(certificate),
  }
}
