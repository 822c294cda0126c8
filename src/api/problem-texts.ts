/**
 * Every problem the API can answer: its status, and its title and, where it helps, what to do, in both languages.
 * `{name}` stands for a value of the error. Codes never change: programs go by them.
 */
import type { AccountErrorCode } from '../accounts/account-error.ts'
import type { BillingErrorCode } from '../accounts/billing/billing-error-codes.ts'
import type { ClientErrorCode } from '../accounts/client-error-codes.ts'
import type { DirectoryErrorCode } from '../accounts/directory/error.ts'
import type { PanelErrorCode } from '../accounts/panel-error-codes.ts'
import type { SecurityErrorCode } from '../accounts/security-error-codes.ts'
import type { SettingsErrorCode } from '../accounts/settings-error-codes.ts'
import type { TraceErrorCode } from '../accounts/trace-error-codes.ts'
import { billingTexts } from './billing-problem-texts.ts'
import { clientTexts } from './client-problem-texts.ts'
import { directoryTexts } from './directory-texts.ts'
import { panelTexts } from './panel-problem-texts.ts'
import { type ProblemText, problemText as t } from './problem-text.ts'
import { type SecurityApiCode, securityTexts } from './security-problem-texts.ts'
import { settingsTexts } from './settings-problem-texts.ts'
import { traceTexts } from './trace-problem-texts.ts'

/** What the API itself finds wrong. */
type ApiCode =
  | 'invalid-request'
  | 'not-signed-in'
  | 'wrong-credentials'
  | 'too-many-attempts'
  | 'sign-in-unavailable'
  | 'not-allowed'
  | 'scope-missing'
  | 'csrf'
  | 'not-found'
  | 'no-such-route'
  | 'method-not-allowed'
  | 'already-exists'
  | 'too-large'
  | 'not-json'
  | 'unavailable'
  | 'last-staff'
  | 'internal'
  | 'idempotency-mismatch'
  | 'idempotency-running'
  | 'idempotency-unknown'
  | SecurityApiCode

export type ProblemCode = ApiCode | AccountErrorCode | DirectoryErrorCode

const apiTexts: Record<Exclude<ApiCode, SecurityApiCode>, ProblemText> = {
  'invalid-request': t(400, ['Certains champs sont à corriger.'], ['Some fields need to be corrected.']),
  'not-signed-in': t(401, ['Connectez-vous pour continuer.'], ['Sign in to continue.']),
  'wrong-credentials': t(
    401,
    ['Adresse ou mot de passe incorrect.', 'Vérifiez l’adresse complète et les majuscules du mot de passe.'],
    ['Wrong address or password.', 'Check the full address, and capital letters in the password.'],
  ),
  'too-many-attempts': t(
    429,
    ['Trop de tentatives.', 'Patientez quelques minutes avant de réessayer.'],
    ['Too many attempts.', 'Wait some minutes before you try again.'],
  ),
  'sign-in-unavailable': t(
    503,
    ['La connexion est momentanément impossible.', 'Réessayez dans un instant.'],
    ['Signing in is not possible at the moment.', 'Try again shortly.'],
  ),
  'not-allowed': t(403, ['Vous n’avez pas le droit de faire cela.'], ['You are not allowed to do this.']),
  'scope-missing': t(403, ['Ce jeton n’a pas la portée {scope}.'], ['This token does not have the scope {scope}.']),
  csrf: t(
    403,
    ['La page a expiré.', 'Rechargez-la, puis recommencez.'],
    ['The page has expired.', 'Reload it, then try again.'],
  ),
  'not-found': t(404, ['Cet élément n’existe pas, ou plus.'], ['This does not exist, or no longer does.']),
  'no-such-route': t(404, ['Cette adresse de l’API n’existe pas.'], ['The API has no such address.']),
  'method-not-allowed': t(405, ['Cette méthode n’est pas acceptée ici.'], ['This method is not accepted here.']),
  'already-exists': t(409, ['Cet élément existe déjà.'], ['This exists already.']),
  'too-large': t(413, ['La demande est trop volumineuse.'], ['The request is too large.']),
  'not-json': t(
    415,
    ['La demande doit être en JSON.', 'En-tête attendu : Content-Type: application/json'],
    ['The request has to be JSON.', 'Expected header: Content-Type: application/json'],
  ),
  'last-staff': t(
    409,
    ['C’est le dernier administrateur.', 'Donnez d’abord ce rôle à quelqu’un d’autre.'],
    ['This is the last of the staff.', 'Give someone else that role first.'],
  ),
  unavailable: t(
    503,
    ['Le service est momentanément indisponible.', 'Rien n’a été modifié. Réessayez dans un instant.'],
    ['The service is unavailable at the moment.', 'Nothing was changed. Try again shortly.'],
  ),
  internal: t(
    500,
    ['Une erreur est survenue.', 'Elle a été consignée. Réessayez, ou contactez l’assistance.'],
    ['Something went wrong.', 'It was logged. Try again, or contact support.'],
  ),
  'idempotency-mismatch': t(
    422,
    ['Cette clé d’idempotence a déjà servi pour une autre demande.'],
    ['This idempotency key was used for another request.'],
  ),
  'idempotency-running': t(409, ['La même demande est déjà en cours.'], ['The same request is already under way.']),
  'idempotency-unknown': t(
    409,
    ['La même demande a été interrompue.', 'Vérifiez si elle a abouti avant de recommencer.'],
    ['The same request was interrupted.', 'See whether it was done before you try again.'],
  ),
}

const accountTexts: Record<
  Exclude<
    AccountErrorCode,
    | ApiCode
    | DirectoryErrorCode
    | BillingErrorCode
    | ClientErrorCode
    | PanelErrorCode
    | SecurityErrorCode
    | SettingsErrorCode
    | TraceErrorCode
  >,
  ProblemText
> = {
  'session-not-found': t(404, ['Cette session n’existe plus.'], ['This session no longer exists.']),
  'wrong-password': t(403, ['Mot de passe incorrect.'], ['Wrong password.']),
  'confirmation-needed': t(403, ['Confirmez d’abord votre mot de passe.'], ['Confirm your password first.']),
}

export const problemTexts: Record<ProblemCode, ProblemText> = {
  ...apiTexts,
  ...accountTexts,
  ...directoryTexts,
  ...clientTexts,
  ...securityTexts,
  ...billingTexts,
  ...panelTexts,
  ...settingsTexts,
  ...traceTexts,
}
