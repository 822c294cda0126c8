/** What can be wrong with plans, statements and webhooks. */
import type { BillingErrorCode } from '../accounts/billing/billing-error-codes.ts'
import { type ProblemText, problemText as t } from './problem-text.ts'

export const billingTexts: Record<BillingErrorCode, ProblemText> = {
  'plan-not-found': t(404, ['L’offre {plan} n’existe pas.'], ['There is no plan {plan}.']),
  'plan-exists': t(409, ['L’offre {plan} existe déjà.'], ['The plan {plan} exists already.']),
  'plan-not-offered': t(
    409,
    ['L’offre {plan} n’est plus proposée.', 'Choisissez-en une autre.'],
    ['The plan {plan} is no longer offered.', 'Choose another.'],
  ),
  'plan-too-small': t(
    409,
    ['La boîte mail occupe déjà plus d’espace que n’en comprend cette offre.', 'Supprimez des messages d’abord.'],
    ['The mailbox already uses more space than this plan has.', 'Delete messages first.'],
  ),
  'plan-not-larger': t(
    409,
    ['Cette offre n’est pas plus grande que la vôtre.', 'Choisissez-en une autre.'],
    ['This plan is not larger than yours.', 'Choose another.'],
  ),
  'too-many-plans': t(409, ['Il y a déjà {limit} offres.'], ['There are {limit} plans already.']),
  'too-many-plan-requests': t(
    429,
    ['Vous avez déjà envoyé plusieurs demandes aujourd’hui.', 'La réponse arrivera par mail.'],
    ['You have sent several requests today.', 'The answer will come by mail.'],
  ),
  'plan-terms-changed': t(
    409,
    ['L’offre {plan} a changé entre-temps.', 'Vérifiez ses nouvelles conditions, puis confirmez à nouveau.'],
    ['The plan {plan} has changed meanwhile.', 'Check its new terms, then confirm again.'],
  ),
  'plan-changed-meanwhile': t(
    409,
    ['L’offre de la boîte mail est en cours de modification.', 'Rechargez la page, puis recommencez.'],
    ['The plan of the mailbox is being changed.', 'Reload the page, then try again.'],
  ),
  'no-self-service': t(
    403,
    ['Vous ne pouvez pas changer d’offre vous-même.', 'Envoyez une demande : votre gestionnaire la recevra par mail.'],
    ['You can’t change the plan yourself.', 'Send a request: whoever manages your mailbox receives it by mail.'],
  ),
  'invalid-month': t(400, ['Un mois s’écrit comme 2026-11.'], ['A month is written as 2026-11.']),
  'month-not-begun': t(
    400,
    ['Ce mois n’a pas encore commencé : il n’a pas de relevé.'],
    ['This month has not begun: it has no statement.'],
  ),
  'webhook-not-found': t(404, ['Ce webhook n’existe pas.'], ['There is no such webhook.']),
  'webhook-delivery-not-found': t(
    404,
    ['Cet envoi n’existe plus : les envois sont gardés {days} jours.'],
    ['This delivery no longer exists: deliveries are kept for {days} days.'],
  ),
  'webhook-disabled': t(
    409,
    ['Ce webhook est désactivé.', 'Réactivez-le d’abord.'],
    ['This webhook is switched off.', 'Switch it on first.'],
  ),
  'webhook-url-refused': t(
    400,
    ['Cette adresse ne peut pas recevoir d’événements.', 'Elle doit commencer par https:// et mener à Internet.'],
    ['This address can’t receive events.', 'It has to begin with https:// and lead to the Internet.'],
  ),
  'too-many-webhooks': t(
    409,
    ['Il y a déjà {limit} webhooks : supprimez-en un d’abord.'],
    ['There are {limit} webhooks already: remove one first.'],
  ),
}
