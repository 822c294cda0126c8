/** Who signs in and how they get to: the same for the panel and for the command line of a stopped service. */
import { ApiTokens } from '../accounts/api-tokens.ts'
import { AuditLog } from '../accounts/audit-log.ts'
import { CredentialLinks } from '../accounts/links/credential-links.ts'
import { NewPasswords } from '../accounts/new-passwords.ts'
import type { Notices } from '../accounts/notices.ts'
import { SecurityAdministration } from '../accounts/second-factor/administration.ts'
import { SecurityNotices } from '../accounts/security-notices.ts'
import type { ReadsSettings } from '../accounts/service-settings/service-settings.ts'
import { FirstStaff } from '../accounts/users/first-staff.ts'
import { Users } from '../accounts/users/users.ts'
import type { Clock } from '../ops/clock.ts'
import type { LinkTo } from '../ops/public-url.ts'
import type { Store } from '../store/store.ts'

export interface UserServiceParts {
  store: Store
  settings: ReadsSettings
  notices: Notices
  linkTo: LinkTo
  clock: Clock
}

export interface UserServices {
  newPasswords: NewPasswords
  links: CredentialLinks
  users: Users
  firstStaff: FirstStaff
  tokens: ApiTokens
  audit: AuditLog
  securityNotices: SecurityNotices
  securityAdministration: SecurityAdministration
}

export function createUserServices({ store, settings, notices, linkTo, clock }: UserServiceParts): UserServices {
  const newPasswords = new NewPasswords(settings)
  const links = new CredentialLinks({ store, clock, settings, notices, linkTo })
  const securityNotices = new SecurityNotices({ notices, linkTo, clock })
  return {
    newPasswords,
    links,
    users: new Users({ store, clock, links }),
    firstStaff: new FirstStaff({ store, clock, newPasswords, linkTo }),
    tokens: new ApiTokens(store, clock),
    audit: new AuditLog(store),
    securityNotices,
    securityAdministration: new SecurityAdministration({ store, clock, notices: securityNotices }),
  }
}
