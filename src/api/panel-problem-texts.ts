/** What goes wrong with links, forgotten passwords, users and tokens. */
import type { PanelErrorCode } from '../accounts/panel-error-codes.ts'
import { type ProblemText, problemText as t } from './problem-text.ts'

export const panelTexts: Record<PanelErrorCode, ProblemText> = {
  'password-too-short': t(
    400,
    ['Ce mot de passe est trop court.', 'Il lui faut au moins {min} caractères.'],
    ['This password is too short.', 'It needs at least {min} characters.'],
  ),
  'password-too-long': t(
    400,
    ['Ce mot de passe est trop long.', 'Il peut avoir {max} octets au plus.'],
    ['This password is too long.', 'It can have {max} bytes.'],
  ),
  'password-characters': t(
    400,
    ['Ce mot de passe contient un retour à la ligne ou un caractère de contrôle.'],
    ['This password has a line end or a control character in it.'],
  ),
  'password-is-address': t(
    400,
    ['Ce mot de passe est l’adresse, ou son début.', 'Choisissez-en un autre : c’est le premier que l’on devine.'],
    ['This password is the address, or its beginning.', 'Choose another: it is the first to be guessed.'],
  ),
  'link-over': t(
    410,
    ['Ce lien ne fonctionne plus.', 'Il a déjà servi, il a expiré ou il a été annulé. Demandez-en un nouveau.'],
    ['This link no longer works.', 'It was used, has expired, or was revoked. Ask for a new one.'],
  ),
  'link-not-found': t(404, ['Ce lien n’existe pas.'], ['There is no such link.']),
  'wrong-code': t(
    403,
    ['Le code n’est pas le bon.', 'Essais restants\u00a0: {left}. Ensuite, le lien sera annulé.'],
    ['The code is wrong.', 'Tries left: {left}. Then the link is revoked.'],
  ),
  'invalid-recipient': t(
    400,
    ['L’adresse du destinataire n’est pas valable.'],
    ['The recipient’s address is not valid.'],
  ),
  'send-to-itself': t(
    400,
    ['Le lien ne peut pas être envoyé à la boîte mail qu’il ouvre.', 'Indiquez une autre adresse de cette personne.'],
    ['The link can’t be mailed to the mailbox it opens.', 'Give another address of that person.'],
  ),
  'not-sent': t(
    503,
    ['Le message n’a pas pu être envoyé.', 'Le reste est enregistré. Réessayez dans un instant.'],
    ['The message could not be sent.', 'All else is saved. Try again shortly.'],
  ),
  'too-many-mails': t(
    429,
    ['Trop de demandes.', 'Réessayez dans une heure.'],
    ['Too many requests.', 'Try again in an hour.'],
  ),
  'invalid-recovery-address': t(
    400,
    ['Cette adresse ne peut pas recevoir de message.', 'Vérifiez-la, ou indiquez-en une autre.'],
    ['This address can’t receive mail.', 'Check it, or give another.'],
  ),
  'recovery-leads-back': t(
    400,
    [
      'Cette adresse mène à la boîte mail elle-même.',
      'Sans le mot de passe, le lien ne pourrait pas y être lu. Indiquez une adresse ailleurs.',
    ],
    [
      'This address leads to the mailbox itself.',
      'Without the password, the link could not be read there. Give an address elsewhere.',
    ],
  ),
  'second-factor-needed': t(
    403,
    ['Un code de vérification est nécessaire.', 'Prenez-le dans votre application, ou utilisez un code de secours.'],
    ['A verification code is needed.', 'Take it from your app, or use a recovery code.'],
  ),
  'wrong-second-factor': t(
    403,
    ['Ce code de vérification n’est pas le bon.', 'Attendez le suivant, ou utilisez un code de secours.'],
    ['This verification code is wrong.', 'Wait for the next one, or use a recovery code.'],
  ),
  'user-not-found': t(404, ['Cet utilisateur n’existe pas.'], ['There is no such user.']),
  'user-exists': t(
    409,
    ['Quelqu’un se connecte déjà avec cette adresse.'],
    ['Somebody signs in with this address already.'],
  ),
  'invalid-user-address': t(400, ['Cette adresse n’est pas valable.'], ['This is not a valid address.']),
  'not-yourself': t(
    409,
    ['Vous ne pouvez pas retirer vos propres droits.', 'Un autre administrateur peut le faire.'],
    ['You can’t take away your own rights.', 'Someone else of the staff can.'],
  ),
  'staff-by-token': t(
    403,
    ['Un jeton ne nomme personne administrateur.', 'Faites-le dans le panneau.'],
    ['A token makes nobody one of the staff.', 'Do it in the panel.'],
  ),
  'owner-needs-mailbox': t(
    409,
    ['Sans boîte mail ici, cet utilisateur doit avoir un rôle.', 'Supprimez-le s’il ne doit plus se connecter.'],
    ['Without a mailbox here, this user needs a role.', 'Remove him if he should no longer sign in.'],
  ),
  'unknown-domains': t(400, ['Le domaine {domain} n’existe pas.'], ['There is no domain {domain}.']),
  'token-not-found': t(404, ['Ce jeton n’existe pas, ou plus.'], ['There is no such token any more.']),
  'scope-not-yours': t(
    400,
    ['La portée {scope} dépasse les droits de cet utilisateur.'],
    ['The scope {scope} goes beyond what this user may do.'],
  ),
  'invalid-expiry': t(400, ['Cette date de fin est déjà passée.'], ['This end is in the past.']),
  'too-many-tokens': t(
    409,
    ['Il y a déjà {max} jetons.', 'Supprimez ceux qui ne servent plus.'],
    ['There are {max} tokens already.', 'Revoke those that are no longer used.'],
  ),
}
