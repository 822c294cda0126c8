/** What the routes are made of: services of the rooms below, each narrow. */
import type { ApiTokens } from '../accounts/api-tokens.ts'
import type { AppPasswords } from '../accounts/app-passwords/app-passwords.ts'
import type { AppleProfiles } from '../accounts/apple-profiles.ts'
import type { AuditLog } from '../accounts/audit-log.ts'
import type { AutoReplies } from '../accounts/auto-reply/auto-replies.ts'
import type { Ledger } from '../accounts/billing/ledger.ts'
import type { Plans } from '../accounts/billing/plans.ts'
import type { SelfService } from '../accounts/billing/self-service.ts'
import type { Statements } from '../accounts/billing/statement.ts'
import type { BounceCopies } from '../accounts/bounces/bounce-copies.ts'
import type { Brands } from '../accounts/brands/brands.ts'
import type { ClientSetUp } from '../accounts/client-set-up.ts'
import type { Dashboard } from '../accounts/dashboard/dashboard.ts'
import type { OwnTraffic } from '../accounts/dashboard/own-traffic.ts'
import type { DeviceLinks } from '../accounts/device-links.ts'
import type { Directory } from '../accounts/directory/directory.ts'
import type { CredentialLinks } from '../accounts/links/credential-links.ts'
import type { LinkReveal } from '../accounts/links/link-reveal.ts'
import type { NewPasswords } from '../accounts/new-passwords.ts'
import type { OwnPassword } from '../accounts/own-password.ts'
import type { PanelSignIn } from '../accounts/panel-sign-in.ts'
import type { Pop3Keeping } from '../accounts/pop3/keeping.ts'
import type { Principals } from '../accounts/principals.ts'
import type { PasswordResets } from '../accounts/recovery/password-resets.ts'
import type { RecoveryAddresses } from '../accounts/recovery/recovery-addresses.ts'
import type { SecurityAdministration } from '../accounts/second-factor/administration.ts'
import type { Confirmations } from '../accounts/second-factor/confirmation.ts'
import type { SecondFactors } from '../accounts/second-factor/second-factors.ts'
import type { SendingControl } from '../accounts/sending/sending-control.ts'
import type { SendingRulesOf } from '../accounts/sending-rules/sending-rules.ts'
import type { ServiceSettings } from '../accounts/service-settings/service-settings.ts'
import type { Sessions } from '../accounts/sessions.ts'
import type { SignInHistory } from '../accounts/sign-ins/history.ts'
import type { SupportRequests } from '../accounts/support-requests.ts'
import type { FirstStaff } from '../accounts/users/first-staff.ts'
import type { Users } from '../accounts/users/users.ts'
import type { Webhooks } from '../accounts/webhooks/webhooks.ts'
import type { DomainRecords } from '../deliverability/domain-records.ts'
import type { HelpLibrary } from '../help/library.ts'
import type { CommonScripts } from '../mail/rules/common-scripts.ts'
import type { Filters } from '../mail/rules/filters.ts'
import type { MailSpace } from '../mail/space.ts'
import type { TraceFeed } from '../mail/trace/feed.ts'
import type { QueueDesk } from '../mail/trace/queue-desk.ts'
import type { TraceLinks } from '../mail/trace/trace-links.ts'
import type { Traces } from '../mail/trace/traces.ts'
import type { Clock } from '../ops/clock.ts'

export interface ApiServices {
  panelSignIn: PanelSignIn
  confirmations: Confirmations
  secondFactors: SecondFactors
  ownPassword: OwnPassword
  securityAdministration: SecurityAdministration
  sessions: Sessions
  tokens: ApiTokens
  appPasswords: AppPasswords
  signIns: SignInHistory
  principals: Principals
  settings: ServiceSettings
  directory: Directory
  brands: Brands
  autoReplies: AutoReplies
  bounceCopies: BounceCopies
  pop3: Pop3Keeping
  sendingRules: SendingRulesOf
  filters: Filters
  commonScripts: CommonScripts
  sending: SendingControl
  space: MailSpace
  ledger: Ledger
  plans: Plans
  selfService: SelfService
  statements: Statements
  webhooks: Webhooks
  dashboard: Dashboard
  ownTraffic: OwnTraffic
  clientSetUp: ClientSetUp
  appleProfiles: AppleProfiles
  deviceLinks: DeviceLinks
  domainRecords: DomainRecords
  help: HelpLibrary
  supportRequests: SupportRequests
  links: CredentialLinks
  linkReveal: LinkReveal
  users: Users
  firstStaff: FirstStaff
  newPasswords: NewPasswords
  recoveryAddresses: RecoveryAddresses
  passwordResets: PasswordResets
  traces: Traces
  traceFeed: TraceFeed
  traceLinks: TraceLinks
  queueDesk: QueueDesk
  audit: AuditLog
  clock: Clock
  /** Facts of the service that the panel shows before anyone signed in. */
  facts: ServiceFacts
}

export interface ServiceFacts {
  version: string
  hostname: string
  /** The largest whole message that is taken. */
  maxMessageBytes: number
}
