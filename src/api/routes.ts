/** Every route of the API, a line a resource. */
import { aliasRoutes } from './aliases.ts'
import { appPasswordRoutes } from './app-passwords.ts'
import { auditRoutes } from './audit.ts'
import { autoReplyRoutes } from './auto-reply.ts'
import { binRoutes } from './bin.ts'
import { bounceCopyRoutes } from './bounce-copy.ts'
import { brandRoutes } from './brand.ts'
import { commonScriptRoutes } from './common-scripts.ts'
import { credentialLinkRoutes } from './credential-links.ts'
import { dashboardRoutes } from './dashboard.ts'
import { deviceRoutes } from './devices.ts'
import { domainDnsRoutes } from './domain-dns.ts'
import { domainRoutes } from './domains.ts'
import { filterRoutes } from './filters.ts'
import { helpRoutes } from './help.ts'
import { linkHolderRoutes } from './link-holders.ts'
import { mailSpaceRoutes } from './mail-space.ts'
import { mailboxListRoutes } from './mailbox-lists.ts'
import { mailboxRoutes } from './mailboxes.ts'
import { memberRoutes } from './members.ts'
import { ownAddressRoutes } from './own-addresses.ts'
import { ownPlanRoutes } from './own-plan.ts'
import { planRoutes } from './plans.ts'
import { pop3Routes } from './pop3.ts'
import { profileRoutes } from './profile.ts'
import { recoveryRoutes } from './recovery.ts'
import type { Route } from './route.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { sendingRoutes } from './sending.ts'
import { sendingRulesRoutes } from './sending-rules.ts'
import { serviceRoutes } from './service.ts'
import { serviceSettingsRoutes } from './service-settings.ts'
import type { ApiServices } from './services.ts'
import { sessionRoutes } from './session.ts'
import { sessionsRoutes } from './sessions.ts'
import { signInRoutes } from './sign-ins.ts'
import { statementRoutes } from './statements.ts'
import { supportRoutes } from './support.ts'
import { tokenRoutes } from './tokens.ts'
import { traceRoutes } from './traces.ts'
import { userSecurityRoutes } from './user-security.ts'
import { userRoutes } from './users.ts'
import { webhookRoutes } from './webhooks.ts'

export function apiRoutes(services: ApiServices): Route[] {
  return [
    ...serviceRoutes(services),
    ...serviceSettingsRoutes(services),
    ...brandRoutes(services),
    ...sessionRoutes(services),
    ...sessionsRoutes(services),
    ...secondFactorRoutes(services),
    ...userSecurityRoutes(services),
    ...signInRoutes(services),
    ...appPasswordRoutes(services),
    ...profileRoutes(services),
    ...mailSpaceRoutes(services),
    ...autoReplyRoutes(services),
    ...bounceCopyRoutes(services),
    ...pop3Routes(services),
    ...sendingRulesRoutes(services),
    ...filterRoutes(services),
    ...commonScriptRoutes(services),
    ...deviceRoutes(services),
    ...domainRoutes(services),
    ...domainDnsRoutes(services),
    ...mailboxRoutes(services),
    ...mailboxListRoutes(services),
    ...sendingRoutes(services),
    ...memberRoutes(services),
    ...binRoutes(services),
    ...aliasRoutes(services),
    ...ownAddressRoutes(services),
    ...helpRoutes(services),
    ...supportRoutes(services),
    ...auditRoutes(services),
    ...credentialLinkRoutes(services),
    ...linkHolderRoutes(services),
    ...recoveryRoutes(services),
    ...tokenRoutes(services),
    ...traceRoutes(services),
    ...userRoutes(services),
    ...planRoutes(services),
    ...ownPlanRoutes(services),
    ...statementRoutes(services),
    ...webhookRoutes(services),
    ...dashboardRoutes(services),
  ]
}
