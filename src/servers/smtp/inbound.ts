/** Mail exchange on port 25: mail from anywhere for addresses of this service, and for nobody else. */
import type { Door } from '../../mail/accept.ts'
import type { TraceSeen } from '../../mail/trace/recorder.ts'
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { SecureContextSource } from '../../ops/tls.ts'
import { lineEndsRule } from '../../policy/inbound/line-ends.ts'
import { mailLoopRule } from '../../policy/inbound/mail-loop.ts'
import { recipientRule } from '../../policy/inbound/recipient.ts'
import { InboundPolicy } from '../../policy/inbound/runner.ts'
import { sizeRule } from '../../policy/inbound/size.ts'
import { accepted } from '../../policy/inbound/verdict.ts'
import type { Activity } from '../activity.ts'
import type { MessageBudget } from '../message-budget.ts'
import type { Proxies } from '../proxies.ts'
import { createTextBudget } from './incoming-text.ts'
import { defaultLimits, type SmtpLimits } from './limits.ts'
import type { Role } from './role.ts'
import { SmtpServer } from './server.ts'

export interface InboundOptions {
  host: string
  /** 0: any that is free. */
  port: number
  hostname: string
  door: Door
  /** null: no STARTTLS. */
  tls: SecureContextSource | null
  clock: Clock
  log: Log
  limits?: Partial<SmtpLimits>
  /** Shared by all servers of a process that serve the same: port 25, or submission. */
  budget?: MessageBudget
  activity?: Activity
  /** Told of what is refused. */
  trace?: Pick<TraceSeen, 'refused'>
  /** Load balancers in front. */
  proxies?: Proxies
}

export interface RunningServer {
  port: number
  /** Takes no more connections; ends idle sessions at once, the others with the answer to what they sent, all after `graceMs`. */
  close(graceMs: number): Promise<void>
}

export async function startInbound(options: InboundOptions): Promise<RunningServer> {
  const limits = { ...defaultLimits, ...options.limits }
  const server = new SmtpServer({
    role: inboundRole(options.door, limits),
    door: options.door,
    hostname: options.hostname,
    limits,
    budget: options.budget ?? createTextBudget(limits),
    activity: options.activity,
    trace: options.trace,
    proxies: options.proxies,
    clock: options.clock,
    log: options.log,
    tls: options.tls,
    implicitTls: false,
    plainTextAuth: false,
  })
  const port = await server.start(options.host, options.port)
  return { port, close: graceMs => server.stop(graceMs) }
}

function inboundRole(door: Door, limits: SmtpLimits): Role {
  const policy = new InboundPolicy([
    sizeRule(limits.maxMessageBytes),
    recipientRule(async (recipient, { declaredSize }) => {
      const check = await door.checkRecipient(recipient, { declaredSize, relay: false })
      return check.ok ? accepted : check.refusal
    }),
    lineEndsRule,
    mailLoopRule(limits.maxReceivedFields),
  ])
  return {
    name: 'smtp',
    authenticator: null,
    connect: client => policy.judge('connect', client),
    helo: facts => policy.judge('helo', facts),
    mail: facts => policy.judge('mail', facts),
    rcpt: facts => policy.judge('rcpt', facts),
    async message(facts) {
      const verdict = await policy.judge('data', facts)
      return verdict.accept ? { accept: true, bytes: facts.bytes } : verdict
    },
  }
}
