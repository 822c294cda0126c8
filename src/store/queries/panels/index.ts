/** Queries of the panels: who signs in, domains and mailboxes, links, plans, the service. */
import type { AutoReplyQueries } from '../../contract/auto-reply.ts'
import type { LinkQueries } from '../../contract/links.ts'
import type { PrincipalQueries } from '../../contract/principals.ts'
import type { ServiceQueries } from '../../contract/service.ts'
import type { SignInQueries } from '../../contract/sign-in.ts'
import type { Queries } from '../../store.ts'
import type { Query } from '../query.ts'
import { appPasswordBySecret, listAppPasswords } from './app-password.ts'
import { endingAutoReplies, getAutoReply } from './auto-reply.ts'
import { billingQueries } from './billing.ts'
import { brandByDomain, brandByHost, brandByPrincipal, brandLogo, listBrands } from './brand.ts'
import { directoryQueries } from './directory.ts'
import { findOneTimeToken, latestOneTimeToken, linkById, linkByToken, listLinks } from './link.ts'
import {
  domainManagers,
  listPrincipals,
  listSessions,
  principalByAddress,
  principalById,
  principalDomains,
  sessionByToken,
} from './principal.ts'
import { countRecoveryCodes, listPasskeys, passkeyById, totpOf } from './second-factor.ts'
import { apiTokenBySecret, listApiTokens, listAudit, oldestSecrets } from './service.ts'
import { latestSignIns, listSignIns, placesOfSignIns } from './sign-in.ts'

type Table<Names> = { readonly [K in keyof Names & keyof Queries]: Query<K> }

const principals: Table<PrincipalQueries> = {
  'principal.byAddress': principalByAddress,
  'principal.byId': principalById,
  'principal.list': listPrincipals,
  'principal.domains': principalDomains,
  'principal.managers': domainManagers,
}

const signIn: Table<SignInQueries> = {
  'session.byToken': sessionByToken,
  'session.list': listSessions,
  'totp.get': totpOf,
  'passkey.byId': passkeyById,
  'passkey.list': listPasskeys,
  'recoveryCode.count': countRecoveryCodes,
  'appPassword.bySecret': appPasswordBySecret,
  'appPassword.list': listAppPasswords,
  'signIn.list': listSignIns,
  'signIn.latest': latestSignIns,
  'signIn.places': placesOfSignIns,
}

const service: Table<ServiceQueries> = {
  'audit.list': listAudit,
  'apiToken.bySecret': apiTokenBySecret,
  'apiToken.list': listApiTokens,
  'secret.oldest': oldestSecrets,
  'brand.list': listBrands,
  'brand.byPrincipal': brandByPrincipal,
  'brand.byHost': brandByHost,
  'brand.byDomain': brandByDomain,
  'brand.logo': brandLogo,
}

const links: Table<LinkQueries> = {
  'credentialLink.byToken': linkByToken,
  'credentialLink.byId': linkById,
  'credentialLink.list': listLinks,
  'oneTimeToken.find': findOneTimeToken,
  'oneTimeToken.latest': latestOneTimeToken,
}
const autoReply: Table<AutoReplyQueries> = { 'autoReply.get': getAutoReply, 'autoReply.ending': endingAutoReplies }

export const panelQueries = {
  ...principals,
  ...signIn,
  ...service,
  ...links,
  ...billingQueries,
  ...autoReply,
  ...directoryQueries,
}
