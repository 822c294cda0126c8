/** What can be wrong with domains, mailboxes, aliases and groups, in both languages. */
import type { DirectoryErrorCode } from '../accounts/directory/error.ts'
import { type ProblemText, problemText as t } from './problem-text.ts'

export const directoryTexts: Record<DirectoryErrorCode, ProblemText> = {
  'invalid-domain': t(
    400,
    ['« {domain} » n’est pas un nom de domaine.', 'Exemple : exemple.fr'],
    ['“{domain}” is not a domain name.', 'Example: example.org'],
  ),
  'invalid-address': t(
    400,
    ['« {address} » n’est pas une adresse e-mail.', 'Exemple : nom@exemple.fr'],
    ['“{address}” is not an e-mail address.', 'Example: name@example.org'],
  ),
  'address-not-allowed': t(
    400,
    [
      'L’adresse {address} ne peut pas être créée.',
      'Ce qui précède le @ commence par une lettre ou un chiffre, sans « + », guillemets ni espaces.',
    ],
    [
      'The address {address} can’t be created.',
      'What comes before the @ begins with a letter or digit, without “+”, quotes or spaces.',
    ],
  ),
  'address-too-long': t(
    400,
    [
      'L’adresse {address} est trop longue.',
      'Au plus {max} caractères avant le @ ; les lettres accentuées comptent double.',
    ],
    ['The address {address} is too long.', 'At most {max} characters before the @; accented letters count twice.'],
  ),
  'invalid-password': t(
    400,
    ['Ce mot de passe ne respecte pas les règles.', 'Il lui faut au moins {min} caractères, sans retour à la ligne.'],
    ['This password does not follow the rules.', 'It needs at least {min} characters, and no line ends.'],
  ),
  'invalid-quota': t(
    400,
    ['Cet espace de stockage n’est pas valable.', 'Indiquez un nombre supérieur à zéro, ou aucune limite.'],
    ['This storage space is not valid.', 'Give a number above zero, or no limit.'],
  ),
  'invalid-limit': t(
    400,
    ['Cette limite n’est pas valable.', 'Indiquez un nombre entier, ou aucune limite.'],
    ['This limit is not valid.', 'Give a whole number, or no limit.'],
  ),
  'invalid-target': t(400, ['« {target} » n’est pas une adresse e-mail.'], ['“{target}” is not an e-mail address.']),
  'too-many-targets': t(
    400,
    ['Il faut entre 1 et {max} adresses de destination.'],
    ['There have to be between 1 and {max} target addresses.'],
  ),
  'target-is-itself': t(
    400,
    ['{target} est cette adresse elle-même.', 'Choisissez une autre destination.'],
    ['{target} is this address itself.', 'Choose another target.'],
  ),
  'domain-exists': t(409, ['Le domaine {domain} existe déjà.'], ['The domain {domain} exists already.']),
  'domain-not-found': t(404, ['Le domaine {domain} n’existe pas.'], ['There is no domain {domain}.']),
  'domain-not-empty': t(
    409,
    [
      'Le domaine {domain} contient encore des boîtes mail.',
      'Supprimez-les d’abord, et videz la corbeille de ce domaine.',
    ],
    ['The domain {domain} still has mailboxes.', 'Remove them first, and empty the bin of this domain.'],
  ),
  'domain-is-alias': t(
    409,
    ['{domain} est un alias du domaine {of}.', 'Utilisez une adresse en @{of} : elle vaut aussi en @{domain}.'],
    ['{domain} is an alias of the domain {of}.', 'Use an address in @{of}: it holds in @{domain} as well.'],
  ),
  'domain-alias-not-found': t(
    404,
    ['{domain} n’est pas un alias de domaine.'],
    ['{domain} is not an alias of a domain.'],
  ),
  'domain-full': t(
    409,
    [
      'Le domaine {domain} a atteint son nombre de boîtes mail ({max}).',
      'Supprimez-en une, ou demandez que la limite soit relevée.',
    ],
    ['The domain {domain} has reached its number of mailboxes ({max}).', 'Remove one, or ask for a higher limit.'],
  ),
  'domain-space': t(
    409,
    ['Il ne reste pas assez d’espace à attribuer sur {domain}.', 'Espace restant : {left:size}.'],
    ['Not enough space is left to allot on {domain}.', 'Space left: {left:size}.'],
  ),
  'quota-needed': t(
    409,
    [
      'L’espace du domaine {domain} est limité : cette boîte a besoin d’une limite, elle aussi.',
      'Indiquez son espace de stockage.',
    ],
    ['The space of the domain {domain} is limited, so this mailbox needs a limit too.', 'Give its storage space.'],
  ),
  'mailbox-exists': t(
    409,
    ['L’adresse {address} est déjà prise.', 'Une boîte mail, un alias ou un groupe la porte.'],
    ['The address {address} is taken already.', 'A mailbox, an alias or a group has it.'],
  ),
  'mailbox-not-found': t(404, ['La boîte mail {address} n’existe pas.'], ['There is no mailbox {address}.']),
  'address-in-bin': t(
    409,
    ['{address} est dans la corbeille.', 'Restaurez cette boîte mail, ou supprimez-la définitivement d’abord.'],
    ['{address} is in the bin.', 'Restore this mailbox, or delete it for good first.'],
  ),
  'not-in-bin': t(404, ['{address} n’est pas dans la corbeille.'], ['{address} is not in the bin.']),
  'not-yours-to-change': t(
    403,
    ['Vous ne pouvez pas modifier cela.', 'Adressez-vous à l’assistance.'],
    ['You can’t change this.', 'Contact support.'],
  ),
  'plan-decides': t(
    409,
    ['L’espace de cette boîte mail vient de son offre.', 'Choisissez une autre offre pour le changer.'],
    ['The space of this mailbox comes from its plan.', 'Choose another plan to change it.'],
  ),
  'mailbox-shared': t(
    409,
    ['{address} est une boîte partagée.', 'Ses membres s’y connectent, chacun avec son propre mot de passe.'],
    ['{address} is a shared mailbox.', 'Its members sign in to it, each with a password of their own.'],
  ),
  'mailbox-not-shared': t(409, ['{address} n’est pas une boîte partagée.'], ['{address} is not a shared mailbox.']),
  'member-not-found': t(404, ['{member} n’est pas membre de {address}.'], ['{member} is not a member of {address}.']),
  'alias-exists': t(
    409,
    ['L’adresse {address} est déjà un alias ou un groupe.', 'Modifiez-le plutôt que d’en créer un autre.'],
    ['{address} is an alias or a group already.', 'Change it rather than make another.'],
  ),
  'alias-not-found': t(404, ['L’alias {address} n’existe pas.'], ['There is no alias {address}.']),
  'alias-is-group': t(
    409,
    ['{address} est un groupe, et non un alias.', 'Modifiez-le ou supprimez-le comme tel.'],
    ['{address} is a group, not an alias.', 'Change or remove it as one.'],
  ),
  'group-is-alias': t(
    409,
    ['{address} est un alias, et non un groupe.', 'Modifiez-le ou supprimez-le comme tel.'],
    ['{address} is an alias, not a group.', 'Change or remove it as one.'],
  ),
  'alias-loop': t(
    409,
    ['Cette liste tournerait en rond.', '{through} y ramène.'],
    ['This list would run in a circle.', '{through} leads back to it.'],
  ),
  'list-empty': t(
    400,
    ['La liste est vide.', 'Il faut au moins une ligne avec une adresse.'],
    ['The list is empty.', 'It needs at least one row with an address.'],
  ),
  'list-too-long': t(
    400,
    ['La liste compte plus de {max} lignes.', 'Partagez-la en plusieurs fichiers.'],
    ['The list has more than {max} rows.', 'Split it into several files.'],
  ),
}

/** What can be wrong with a row of a list beside that. */
const rowTexts: Record<string, ProblemText> = {
  'address-missing': t(400, ['L’adresse manque.'], ['The address is missing.']),
  'twice-in-list': t(400, ['Cette adresse est déjà à la ligne {line}.'], ['This address is on line {line} already.']),
  'name-too-long': t(400, ['Le nom dépasse {max} caractères.'], ['The name is longer than {max} characters.']),
  'name-not-one-line': t(
    400,
    ['Le nom tient sur plusieurs lignes, ou contient un caractère de commande.'],
    ['The name has several lines, or a control character.'],
  ),
  'invalid-quota': t(
    400,
    ['« {quota} » n’est pas un espace de stockage : écrivez par exemple 5 Go.'],
    ['“{quota}” is not a storage space: write for instance 5 GB.'],
  ),
  'plan-not-found': t(
    400,
    ['L’offre « {plan} » n’existe pas, ou n’est plus proposée.'],
    ['There is no plan “{plan}”, or it is no longer offered.'],
  ),
  'plan-decides-space': t(
    400,
    ['L’espace vient de l’offre : laissez l’un des deux vide.'],
    ['The space comes from the plan: leave one of the two empty.'],
  ),
  'invalid-send-to': t(400, ['« {address} » n’est pas une adresse e-mail.'], ['“{address}” is not an e-mail address.']),
  'domain-not-found': t(
    400,
    ['Le domaine {domain} n’existe pas, ou n’est pas le vôtre.'],
    ['There is no domain {domain}, or it is not yours.'],
  ),
}

export function bulkErrorText(code: string): { fr: string; en: string } {
  const known = rowTexts[code] ?? Object.entries(directoryTexts).find(([name]) => name === code)?.[1]
  return known ? { fr: known.fr[0], en: known.en[0] } : { fr: code, en: code }
}
