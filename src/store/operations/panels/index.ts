/** Operations of the panels: who signs in, domains and mailboxes, links, plans, the service. */

import type { AutoReplyOperations } from '../../contract/auto-reply.ts'
import type { LinkOperations } from '../../contract/links.ts'
import type { PrincipalOperations } from '../../contract/principals.ts'
import type { ServiceOperations } from '../../contract/service.ts'
import type { SignInOperations } from '../../contract/sign-in.ts'
import type { Operations } from '../../store.ts'
import type { Operation } from '../operation.ts'
import {
  addAppPassword,
  removeAppPassword,
  removeAppPasswords,
  updateAppPassword,
  useAppPasswords,
} from './app-password.ts'
import { endAutoReply, setAutoReply } from './auto-reply.ts'
import { billingOperations } from './billing.ts'
import { setBrand } from './brand.ts'
import { directoryOperations } from './directory.ts'
import {
  addCredentialLink,
  addOneTimeToken,
  attemptCode,
  forgetLinks,
  openedCredentialLink,
  removeOneTimeTokens,
  revealCredentialLink,
  revokeCredentialLink,
  sentCredentialLink,
  sweepCredentialLinks,
  sweepOneTimeTokens,
  takeOneTimeToken,
} from './link.ts'
import { addPrincipal, removePrincipal, setPassword, setPrincipalDomains, updatePrincipal } from './principal.ts'
import {
  addPasskey,
  beginTotp,
  confirmTotp,
  removePasskey,
  removeTotp,
  renamePasskey,
  replaceRecoveryCodes,
  resetSecondFactor,
  spendRecoveryCode,
  spendTotp,
  usePasskey,
} from './second-factor.ts'
import {
  addApiToken,
  addAudit,
  beginIdempotent,
  finishIdempotent,
  forgetIdempotent,
  removeApiToken,
  removeApiTokens,
  sweepApiTokens,
  sweepAudit,
  sweepIdempotent,
  useApiToken,
} from './service.ts'
import { addSession, confirmSession, removeSession, removeSessions, sweepSessions, touchSession } from './session.ts'
import { recordSignIns, sweepSignIns } from './sign-in.ts'

type Table<Names> = { readonly [K in keyof Names & keyof Operations]: Operation<K> }

const principals: Table<PrincipalOperations> = {
  'principal.add': addPrincipal,
  'principal.update': updatePrincipal,
  'principal.setPassword': setPassword,
  'principal.setDomains': setPrincipalDomains,
  'principal.remove': removePrincipal,
}

const signIn: Table<SignInOperations> = {
  'session.add': addSession,
  'session.touch': touchSession,
  'session.confirm': confirmSession,
  'session.remove': removeSession,
  'session.removeAll': removeSessions,
  'session.sweep': sweepSessions,
  'totp.begin': beginTotp,
  'totp.confirm': confirmTotp,
  'totp.spend': spendTotp,
  'totp.remove': removeTotp,
  'passkey.add': addPasskey,
  'passkey.used': usePasskey,
  'passkey.rename': renamePasskey,
  'passkey.remove': removePasskey,
  'recoveryCode.replace': replaceRecoveryCodes,
  'recoveryCode.spend': spendRecoveryCode,
  'secondFactor.reset': resetSecondFactor,
  'appPassword.add': addAppPassword,
  'appPassword.update': updateAppPassword,
  'appPassword.remove': removeAppPassword,
  'appPassword.removeAll': removeAppPasswords,
  'appPassword.used': useAppPasswords,
  'signIn.record': recordSignIns,
  'signIn.sweep': sweepSignIns,
}

const service: Table<ServiceOperations> = {
  'audit.add': addAudit,
  'audit.sweep': sweepAudit,
  'apiToken.add': addApiToken,
  'apiToken.remove': removeApiToken,
  'apiToken.removeAll': removeApiTokens,
  'apiToken.sweep': sweepApiTokens,
  'apiToken.used': useApiToken,
  'idempotency.begin': beginIdempotent,
  'idempotency.finish': finishIdempotent,
  'idempotency.forget': forgetIdempotent,
  'idempotency.sweep': sweepIdempotent,
  'brand.set': setBrand,
}

const links: Table<LinkOperations> = {
  'credentialLink.add': addCredentialLink,
  'credentialLink.sent': sentCredentialLink,
  'credentialLink.opened': openedCredentialLink,
  'credentialLink.attempt': attemptCode,
  'credentialLink.reveal': revealCredentialLink,
  'credentialLink.revoke': revokeCredentialLink,
  'credentialLink.sweep': sweepCredentialLinks,
  'oneTimeToken.add': addOneTimeToken,
  'oneTimeToken.take': takeOneTimeToken,
  'oneTimeToken.removeAll': removeOneTimeTokens,
  'principal.forgetLinks': forgetLinks,
  'oneTimeToken.sweep': sweepOneTimeTokens,
}
const autoReply: Table<AutoReplyOperations> = { 'autoReply.set': setAutoReply, 'autoReply.end': endAutoReply }

export const panelOperations = {
  ...principals,
  ...signIn,
  ...service,
  ...links,
  ...billingOperations,
  ...autoReply,
  ...directoryOperations,
}
