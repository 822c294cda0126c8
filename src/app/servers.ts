/** Every server that listens, with what it is made of. */
import type { FastifyInstance } from 'fastify'
import type { Authenticator } from '../accounts/authentication.ts'
import type { RefusalTeller, RefusedSubmission } from '../accounts/bounces/refusals.ts'
import type { TrafficSeen } from '../accounts/traffic/recorder.ts'
import type { Door } from '../mail/accept.ts'
import { type MaildropLocks, Maildrops } from '../mail/maildrop.ts'
import { SentCopies } from '../mail/rules/sent-copies.ts'
import { Senders } from '../mail/send-as.ts'
import type { TraceSeen } from '../mail/trace/recorder.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { SettingName } from '../ops/config-settings.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { isLoopback } from '../ops/network-address.ts'
import type { Certificate } from '../ops/tls.ts'
import type { Connection, Session } from '../servers/connection.ts'
import type { Health } from '../servers/http/health.ts'
import { startHttp } from '../servers/http/server.ts'
import { servesAll, servesPanel, startWebListener } from '../servers/http/web-listener.ts'
import { createImapSession } from '../servers/imap/session.ts'
import { createListener } from '../servers/listener.ts'
import { createManageSieveSession, manageSieveRefusal } from '../servers/managesieve/session.ts'
import { createMessageBudget } from '../servers/message-budget.ts'
import { createPop3Session, pop3Refusal } from '../servers/pop3/session.ts'
import { Proxies } from '../servers/proxies.ts'
import { startInbound } from '../servers/smtp/inbound.ts'
import { createTextBudget } from '../servers/smtp/incoming-text.ts'
import { defaultLimits } from '../servers/smtp/limits.ts'
import { startSubmission } from '../servers/smtp/submission.ts'
import type { AccountRow } from '../store/types.ts'
import type { Services } from './services.ts'

/** The setting that says where each is listened on. */
export const listenSettings = {
  smtp: 'listenSmtp',
  submissions: 'listenSubmissions',
  submission: 'listenSubmission',
  imaps: 'listenImaps',
  imap: 'listenImap',
  pop3s: 'listenPop3s',
  pop3: 'listenPop3',
  managesieve: 'listenManageSieve',
  https: 'listenHttps',
  panel: 'listenPanel',
  http: 'listenHttp',
} as const satisfies Record<string, SettingName>

export type ServerName = keyof typeof listenSettings
type StartServer = (host: string, port: number) => Promise<{ port: number; close(graceMs: number): Promise<void> }>

export interface ServerParts {
  config: Config
  services: Services
  authenticator: Authenticator
  /** What answers on HTTPS. */
  web: FastifyInstance
  door: Door
  traffic: TrafficSeen
  refusals: Pick<RefusalTeller, 'refused'>
  maildropLocks: MaildropLocks | null
  traces: TraceSeen
  certificate: Certificate
  metrics: Metrics
  /** All that was measured, of all processes of the service. */
  shown: () => Promise<string>
  health: () => Promise<Health>
  version: string
  clock: Clock
  log: Log
}

export function serverTable(parts: ServerParts): Record<ServerName, StartServer> {
  const {
    config,
    authenticator,
    web,
    door,
    traffic,
    refusals,
    traces,
    certificate,
    metrics,
    health,
    version,
    clock,
    log,
  } = parts
  const { store, changes, mailboxes, messages, scripts, unusualSending } = parts.services
  const { hostname, plainTextSignIn, limitLoopback } = config

  const proxies = new Proxies({ from: config.proxyProtocolFrom, clock, log })
  const limits = { maxMessageBytes: config.messageSizeLimit, limitLoopback }
  const smtp = {
    hostname,
    door,
    tls: certificate,
    clock,
    log,
    limits,
    budget: createTextBudget(defaultLimits),
    activity: metrics.activity('smtp'),
    trace: traces,
    proxies,
  }
  const submission = {
    ...smtp,
    budget: createTextBudget(defaultLimits),
    activity: metrics.activity('submission'),
    authenticator,
    senders: new Senders(store),
    refused: (account: AccountRow, refusal: RefusedSubmission) => {
      traffic.refused(account.accountId)
      refusals.refused(account, refusal)
      // As the door says it of a recipient here that does not exist.
      if (refusal.status === '5.1.1' && refusal.recipient !== null)
        unusualSending.refused(account.accountId, refusal.recipient)
    },
    sendingLimits: parts.services.sendingLimits,
    plainTextAuth: plainTextSignIn === 'loopback',
  }

  const messageBudget = createMessageBudget()
  const imap = (plainTextAllowed: boolean): ((connection: Connection) => Session) =>
    createImapSession({
      authenticator,
      mailboxes,
      messages,
      sentCopies: new SentCopies(store),
      changes,
      clock,
      log,
      settings: { appendLimit: config.messageSizeLimit, plainTextAllowed, hostname, version },
      activity: metrics.activity('imap'),
      budget: messageBudget,
    })
  const [imapPlain, imapSecure] = [imap(true), imap(false)]
  const imapSession = (connection: Connection): Session =>
    plainTextSignIn === 'loopback' && isLoopback(connection.remoteAddress)
      ? imapPlain(connection)
      : imapSecure(connection)
  const pop3Session = createPop3Session({
    authenticator,
    maildrops: new Maildrops({ store, changes, clock, ...(parts.maildropLocks && { locks: parts.maildropLocks }) }),
    clock,
    log,
    settings: { hostname, plainTextSignIn },
    activity: metrics.activity('pop3'),
    trace: traces,
    budget: messageBudget,
  })

  const manageSieveSession = createManageSieveSession({
    authenticator,
    scripts,
    store,
    clock,
    log,
    settings: { plainTextSignIn, version },
    activity: metrics.activity('managesieve'),
    budget: messageBudget,
  })

  const listen =
    (
      protocol: string,
      implicitTls: boolean,
      refusal: string,
      createSession: (connection: Connection) => Session,
    ): StartServer =>
    async (host, port) => {
      const listener = createListener({
        protocol,
        host,
        port,
        implicitTls,
        tls: certificate,
        refusal,
        createSession,
        log,
        limitLoopback,
        proxies,
      })
      return { port: await listener.listen(), close: graceMs => listener.close(graceMs) }
    }
  const webOptions = { tls: certificate, app: web, log, limitLoopback, proxies }
  return {
    smtp: (host, port) => startInbound({ ...smtp, host, port }),
    submissions: (host, port) => startSubmission({ ...submission, host, port, implicitTls: true }),
    submission: (host, port) => startSubmission({ ...submission, host, port, implicitTls: false }),
    imaps: listen('imap', true, imapRefusal, imapSession),
    imap: listen('imap', false, imapRefusal, imapSession),
    pop3s: listen('pop3', true, pop3Refusal, pop3Session),
    pop3: listen('pop3', false, pop3Refusal, pop3Session),
    managesieve: listen('managesieve', false, manageSieveRefusal, manageSieveSession),
    https: (host, port) => startWebListener({ ...webOptions, host, port, serves: servesAll }),
    panel: (host, port) => startWebListener({ ...webOptions, host, port, serves: servesPanel }),
    http: (host, port) =>
      startHttp({ host, port, metrics: { render: parts.shown, contentType: metrics.contentType }, health, log }),
  }
}

const imapRefusal = '* BYE [UNAVAILABLE] Too many connections: try again later\r\n'
