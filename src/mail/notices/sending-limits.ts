import type { SendingSignIn } from '../../accounts/notices.ts'
import type { NoticePart, NoticeTexts } from './text.ts'

export const sendingBlocked: NoticeTexts<'sending-blocked'> = {
  fr: ({ name, sender, limit, used, recipients, sample, at, blockedUntil, signIns, url }, { time }) => ({
    subject: `Envoi bloqué : ${name} a dépassé sa limite`,
    parts: [
      'Bonjour,',
      `Un message de ${sender} a dépassé la limite d’envoi de ${name}. L’envoi est bloqué jusqu’au ${time(blockedUntil)}.`,
      {
        facts: [
          ['Limite par heure', `${limit} destinataires`],
          ['Déjà envoyés dans l’heure', String(used)],
          ['Destinataires du message refusé', String(recipients)],
          ['Par exemple', sample.join(', ')],
          ['Refusé le', time(at)],
        ],
      },
      signInPart(
        signIns,
        'Aucune connexion récente pour l’envoi n’est connue.',
        ({ remoteAddress, credential, label, lastAt }) => [
          remoteAddress,
          `${credential === 'app-password' ? `mot de passe d’application « ${label} »` : 'mot de passe principal'}, ${time(lastAt)}`,
        ],
      ),
      'Si ces envois ne sont pas voulus, changez le mot de passe de la boîte ou supprimez ce mot de passe d’application. S’ils le sont, vous pouvez débloquer l’envoi ou relever la limite pour quelques heures.',
      { action: 'Ouvrir dans le panneau', url },
    ],
  }),
  en: ({ name, sender, limit, used, recipients, sample, at, blockedUntil, signIns, url }, { time }) => ({
    subject: `Sending blocked: ${name} was over its limit`,
    parts: [
      'Hello,',
      `A message of ${sender} was over the sending limit of ${name}. Sending is blocked until ${time(blockedUntil)}.`,
      {
        facts: [
          ['Limit an hour', `${limit} recipients`],
          ['Sent within the hour', String(used)],
          ['Recipients of the refused message', String(recipients)],
          ['Among them', sample.join(', ')],
          ['Refused', time(at)],
        ],
      },
      signInPart(signIns, 'No recent sign-in for sending is known.', ({ remoteAddress, credential, label, lastAt }) => [
        remoteAddress,
        `${credential === 'app-password' ? `app password “${label}”` : 'main password'}, ${time(lastAt)}`,
      ]),
      'If these messages are not wanted, change the password of the mailbox or remove that app password. If they are, you can unblock sending or raise the limit for some hours.',
      { action: 'Open in the panel', url },
    ],
  }),
}

export const sendingWarning: NoticeTexts<'sending-warning'> = {
  fr: ({ name, used, limit, url }) => ({
    subject: `Limite d’envoi bientôt atteinte : ${name}`,
    parts: [
      'Bonjour,',
      `${name} a envoyé ${used} messages dans la dernière heure, sur ${limit} permis. Un message à 16 destinataires compte pour 16.`,
      'Au-delà, les envois sont refusés pendant une heure au moins. Attendez un peu, ou demandez à l’assistance de relever la limite.',
      'Si ces envois ne sont pas les vôtres, changez votre mot de passe dès maintenant.',
      { action: 'Voir dans le panneau', url },
    ],
  }),
  en: ({ name, used, limit, url }) => ({
    subject: `Sending limit nearly reached: ${name}`,
    parts: [
      'Hello,',
      `${name} has sent ${used} messages within the last hour, of ${limit} allowed. A message to 16 recipients counts as 16.`,
      'Beyond that, sending is refused for at least one hour. Wait a little, or ask support to raise the limit.',
      'If these messages are not yours, change your password now.',
      { action: 'See in the panel', url },
    ],
  }),
}

export function signInPart(
  signIns: readonly SendingSignIn[],
  none: string,
  line: (signIn: SendingSignIn) => readonly [string, string],
): NoticePart {
  return signIns.length === 0 ? none : { facts: signIns.map(line) }
}
