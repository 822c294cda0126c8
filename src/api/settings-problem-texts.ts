/** Texts of problems with settings of the service, brands, auto-replies, copies of bounces and folders. */
import type { SettingsErrorCode } from '../accounts/settings-error-codes.ts'
import { type ProblemText, problemText as t } from './problem-text.ts'

export const settingsTexts: Record<SettingsErrorCode, ProblemText> = {
  'unknown-setting': t(404, ['Le réglage {setting} n’existe pas.'], ['There is no setting {setting}.']),
  // Which one, `field` says to programs, and its place to people.
  'invalid-setting': t(400, ['Cette valeur n’est pas acceptée.'], ['This value is not accepted.']),
  'brand-not-found': t(404, ['Cette identité visuelle n’existe pas.'], ['There is no such brand.']),
  'invalid-brand': t(400, ['Cette valeur n’est pas acceptée.'], ['This value is not accepted.']),
  'host-taken': t(
    409,
    ['Ce nom d’hôte est déjà utilisé.', 'Le support peut dire par qui, ou le libérer.'],
    ['This host name is in use already.', 'Support can tell by whom, or free it.'],
  ),
  'host-not-yours': t(
    403,
    ['{host} n’est dans aucun de vos domaines.', 'Choisissez un nom dans l’un de vos domaines.'],
    ['{host} is in none of your domains.', 'Choose a name in one of your domains.'],
  ),
  'logo-not-found': t(404, ['Ce logo n’existe plus.'], ['This logo no longer exists.']),
  'logo-too-large': t(
    413,
    ['Le logo est trop lourd.', 'Choisissez un fichier de {kilobytes} ko au plus.'],
    ['The logo is too large.', 'Choose a file of at most {kilobytes} kB.'],
  ),
  'logo-type': t(
    400,
    ['Ce fichier n’est ni une image PNG ni une image JPEG.', 'Un logo SVG doit d’abord être exporté en PNG.'],
    ['This file is neither a PNG nor a JPEG picture.', 'A logo in SVG has to be exported as PNG first.'],
  ),
  'logo-size': t(
    400,
    ['Le logo fait {width} × {height} pixels.', 'Chaque côté doit faire entre {least} et {most} pixels.'],
    ['The logo has {width} × {height} pixels.', 'Each side has to be between {least} and {most} pixels.'],
  ),
  'invalid-auto-reply': t(400, ['Cette valeur n’est pas acceptée.'], ['This value is not accepted.']),
  'auto-reply-days': t(
    400,
    ['Le dernier jour est avant le premier.', 'Choisissez un dernier jour égal ou postérieur au premier.'],
    ['The last day is before the first.', 'Choose a last day on or after the first.'],
  ),
  'auto-reply-empty': t(
    400,
    ['La réponse automatique n’a pas de texte.', 'Écrivez-le avant de l’activer.'],
    ['The auto-reply has no text.', 'Write it before you switch it on.'],
  ),
  'auto-reply-past': t(
    400,
    ['Le dernier jour est déjà passé.', 'Choisissez aujourd’hui ou un jour à venir.'],
    ['The last day is over already.', 'Choose today or a day to come.'],
  ),
  'invalid-copy-address': t(
    400,
    ['Ce n’est pas une adresse e-mail.', 'Écrivez-la comme nom@exemple.fr.'],
    ['This is no email address.', 'Write it as name@example.com.'],
  ),
  'copy-to-itself': t(
    400,
    ['Cette adresse mène à la boîte elle-même.', 'Choisissez une adresse que quelqu’un lit.'],
    ['This address leads to the mailbox itself.', 'Choose an address that somebody reads.'],
  ),
  'too-many-copies': t(
    400,
    ['Il y a trop d’adresses en copie.', 'Gardez-en cinq au plus, les deux listes ensemble.'],
    ['There are too many addresses.', 'Keep five at most, both lists together.'],
  ),
  'filters-by-hand': t(
    409,
    ['Un script écrit à la main est actif.', 'Confirmez que vos règles le remplacent ; il reste enregistré.'],
    ['A script written by hand is active.', 'Confirm that your rules take its place; it stays stored.'],
  ),
  'script-wrong': t(
    400,
    ['Le script contient une erreur, ligne {line}, colonne {column} : {problem}'],
    ['There is a mistake in the script, line {line}, column {column}: {problem}'],
  ),
  'script-too-large': t(413, ['Le script est trop long.'], ['The script is too long.']),
  'too-many-scripts': t(
    409,
    ['Il y a trop de scripts enregistrés.', 'Supprimez-en avec votre logiciel de messagerie.'],
    ['There are too many scripts.', 'Remove some with your mail program.'],
  ),
  'script-not-found': t(404, ['Il n’y a pas de script ici.'], ['There is no script here.']),
  'script-changed': t(
    409,
    ['Quelqu’un d’autre a modifié ces règles entre-temps.', 'Rechargez la page, puis recommencez.'],
    ['Somebody else has changed these rules meanwhile.', 'Reload the page, then try again.'],
  ),
  'rule-contradicts': t(
    400,
    [
      'La règle « {name} » refuse le message et en fait autre chose.',
      'Un message refusé n’est ni rangé ni transféré : gardez l’un ou l’autre.',
    ],
    [
      'The rule “{name}” refuses a message and does something else with it.',
      'A message that is refused is neither filed nor forwarded: keep one of them.',
    ],
  ),
  'folder-not-found': t(404, ['Ce dossier n’existe pas.'], ['There is no such folder.']),
}
