/** The API's services and the web application, wired. */
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { PanelAuthenticator } from '../accounts/authentication.ts'
import { AutoReplies } from '../accounts/auto-reply/auto-replies.ts'
import { BounceCopies } from '../accounts/bounces/bounce-copies.ts'
import { Pop3Keeping } from '../accounts/pop3/keeping.ts'
import type { SecondFactorPolicy } from '../accounts/second-factor/policy.ts'
import { SendingRulesOf } from '../accounts/sending-rules/sending-rules.ts'
import type { SharedCounts } from '../accounts/shared-counts.ts'
import type { SignInsSeen } from '../accounts/sign-ins/recorder.ts'
import type { Throttle } from '../accounts/throttle.ts'
import { Idempotency } from '../api/idempotency.ts'
import { RateLimit } from '../api/rate-limit.ts'
import { apiRoutes } from '../api/routes.ts'
import type { ApiServices } from '../api/services.ts'
import { Filters } from '../mail/rules/filters.ts'
import { MailSpace } from '../mail/space.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import { programFolder } from '../ops/program-folder.ts'
import type { SecretBox } from '../ops/secret-box.ts'
import { deviceRoutes } from '../servers/autoconfig/device-routes.ts'
import { autoconfigRoutes, pathInOneCase } from '../servers/autoconfig/routes.ts'
import { createWebApp } from '../servers/http/web-app.ts'
import { type ClientSetUpParts, createClientSetUp } from './client-set-up.ts'
import { createRecovery } from './recovery.ts'
import { createSecurity } from './security.ts'
import type { Services } from './services.ts'

export interface ApiParts extends Pick<ClientSetUpParts, 'certificate' | 'listeners'> {
  config: Config
  services: Services
  authenticator: PanelAuthenticator
  throttle: Throttle
  policy: SecondFactorPolicy
  seen: SignInsSeen
  box: SecretBox
  shared: SharedCounts
  clock: Clock
  /** What the end has to wait for, once nothing more is asked for and before the store is closed. */
  onStop: (end: () => Promise<void>) => void
  version: string
  log: Log
}

const webFolder = path.join(programFolder, 'web/dist')

export function createApiServices(parts: ApiParts): ApiServices {
  const { config, services, clock, version, log } = parts
  const { store, settings, brands } = services
  const { secondFactor, ...security } = createSecurity(parts)
  return {
    clock,
    ...security,
    settings,
    directory: services.directory,
    brands,
    autoReplies: new AutoReplies(store, clock),
    bounceCopies: new BounceCopies(store, clock),
    pop3: new Pop3Keeping(store, clock),
    sendingRules: new SendingRulesOf(store, clock),
    filters: new Filters(store, services.scripts, services.commonScripts),
    commonScripts: services.commonScripts,
    traces: services.traces,
    traceFeed: services.traceFeed,
    traceLinks: services.traceLinks,
    queueDesk: services.queueDesk,
    sending: services.sending,
    space: new MailSpace(services.mailboxes, services.messages),
    ...createRecovery({ config, services, secondFactor, shared: parts.shared, clock, log }),
    ...services.billing,
    ...createClientSetUp({ ...parts, brands, signIns: security.signIns, appPasswords: security.appPasswords }),
    facts: { version, hostname: config.hostname, maxMessageBytes: config.messageSizeLimit },
  }
}

export function createWeb(parts: ApiParts): Promise<FastifyInstance> {
  const { config, services, box, clock, version, log } = parts
  const apiServices = createApiServices(parts)
  parts.onStop(() => apiServices.passwordResets.settled())
  const { clientSetUp, deviceLinks, brands } = apiServices
  const rateLimit = new RateLimit({ clock, limitLoopback: config.limitLoopback })
  return createWebApp({
    clock,
    routes: apiRoutes(apiServices),
    services: apiServices,
    idempotency: new Idempotency(services.store, box, clock),
    rateLimit,
    webFolder,
    version,
    rewriteUrl: pathInOneCase,
    others: [autoconfigRoutes({ clientSetUp, brands, rateLimit, clock }), deviceRoutes({ deviceLinks, rateLimit })],
    log,
  })
}
