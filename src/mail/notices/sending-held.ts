/** Mail of an account that waits for a look by the staff: to them, and to its owner. */
import type { HoldReason } from '../../store/types/sending.ts'
import { signInPart } from './sending-limits.ts'
import type { NoticeTexts } from './text.ts'

interface Counted {
  count: number
  usual: number
  place: string
}

const whyFr: Record<HoldReason, (counted: Counted) => string> = {
  'new-place': ({ count, usual, place }) =>
    `${count} destinataires en une heure depuis un endroit où cette boîte ne s’est jamais connectée (${place}) ; d’habitude, ou sans habitude connue, ${usual} au plus.`,
  'unknown-users': ({ count, usual }) =>
    `${count} destinataires qui n’existent pas en 24 heures ; le seuil est de ${usual}.`,
  bounces: ({ count, usual }) =>
    `${count} destinataires qui ont refusé ses messages en 24 heures ; le seuil est de ${usual}.`,
}

const whyEn: Record<HoldReason, (counted: Counted) => string> = {
  'new-place': ({ count, usual, place }) =>
    `${count} recipients within an hour from a place this mailbox never signed in from (${place}); as a rule, or where no rule is known, it is ${usual} at most.`,
  'unknown-users': ({ count, usual }) =>
    `${count} recipients that do not exist within 24 hours; the threshold is ${usual}.`,
  bounces: ({ count, usual }) =>
    `${count} recipients that refused its messages within 24 hours; the threshold is ${usual}.`,
}

export const sendingHeld: NoticeTexts<'sending-held'> = {
  fr: ({ address, reason, count, usual, sample, remoteAddress, place, at, signIns, url }, { time }) => ({
    subject: `Envois retenus : ${address} envoie de façon inhabituelle`,
    parts: [
      'Bonjour,',
      `${address} envoie de façon inhabituelle : son mot de passe a peut-être été volé. Ce que cette boîte envoie à partir de maintenant est accepté, mais attend votre décision ; le reste du domaine et le courrier reçu ne sont pas touchés.`,
      whyFr[reason]({ count, usual, place: nameOf(place, 'fr') }),
      {
        facts: [
          ['Depuis le', time(at)],
          ...(sample.length > 0 ? ([['Destinataires, par exemple', sample.join(', ')]] as const) : []),
          ...(remoteAddress === null ? [] : ([['Adresse IP', `${remoteAddress} (${nameOf(place, 'fr')})`]] as const)),
        ],
      },
      signInPart(
        signIns,
        'Aucune connexion récente pour l’envoi n’est connue.',
        ({ remoteAddress: from, credential, label, lastAt }) => [
          from,
          `${credential === 'app-password' ? `mot de passe d’application « ${label} »` : 'mot de passe principal'}, ${time(lastAt)}`,
        ],
      ),
      'Si ces envois ne sont pas voulus, changez le mot de passe de la boîte ou supprimez ce mot de passe d’application, puis jetez ce qui attend. S’ils le sont, laissez-les partir. Ce dont personne ne décide revient à l’expéditeur après 5 jours.',
      { action: 'Voir et décider', url },
    ],
  }),
  en: ({ address, reason, count, usual, sample, remoteAddress, place, at, signIns, url }, { time }) => ({
    subject: `Sending held: ${address} sends in an unusual way`,
    parts: [
      'Hello,',
      `${address} sends in an unusual way: its password may have been stolen. What this mailbox sends from now on is accepted, but waits for your decision; the rest of the domain and incoming mail are not concerned.`,
      whyEn[reason]({ count, usual, place: nameOf(place, 'en') }),
      {
        facts: [
          ['Since', time(at)],
          ...(sample.length > 0 ? ([['Recipients, for example', sample.join(', ')]] as const) : []),
          ...(remoteAddress === null ? [] : ([['IP address', `${remoteAddress} (${nameOf(place, 'en')})`]] as const)),
        ],
      },
      signInPart(
        signIns,
        'No recent sign-in for sending is known.',
        ({ remoteAddress: from, credential, label, lastAt }) => [
          from,
          `${credential === 'app-password' ? `app password “${label}”` : 'main password'}, ${time(lastAt)}`,
        ],
      ),
      'If these messages are not wanted, change the password of the mailbox or remove that app password, then drop what waits. If they are, let them go. What nobody decides on goes back to its sender after 5 days.',
      { action: 'Look and decide', url },
    ],
  }),
}

const seenFr: Record<HoldReason, string> = {
  'new-place':
    'Beaucoup de messages sont partis d’un endroit où vous ne vous êtes jamais connecté. Si vous êtes en déplacement, il n’y a rien de grave.',
  'unknown-users': 'Beaucoup de vos messages étaient adressés à des adresses qui n’existent pas.',
  bounces: 'Beaucoup de vos destinataires ont refusé vos messages.',
}
const seenEn: Record<HoldReason, string> = {
  'new-place':
    'Many messages were sent from a place where you never signed in before. If you are travelling, there is nothing to worry about.',
  'unknown-users': 'Many of your messages went to addresses that do not exist.',
  bounces: 'Many of your recipients refused your messages.',
}

export const sendingHeldOwner: NoticeTexts<'sending-held-owner'> = {
  fr: ({ address, reason, at, url }, { time, supportAddress }) => ({
    subject: 'Vos messages attendent une vérification',
    parts: [
      'Bonjour,',
      `Depuis le ${time(at)}, ce que ${address} envoie attend d’être vérifié par notre équipe. Vous recevez votre courrier comme d’habitude.`,
      seenFr[reason],
      'Si ces envois ne viennent pas de vous, changez votre mot de passe dès maintenant, supprimez les mots de passe d’application que vous ne connaissez pas, et vérifiez l’ordinateur et le téléphone que vous utilisez.',
      supportAddress === null
        ? 'S’ils viennent de vous, dites-le à l’assistance : vos messages partiront sans que vous ayez à les renvoyer.'
        : `S’ils viennent de vous, écrivez à ${supportAddress} : vos messages partiront sans que vous ayez à les renvoyer.`,
      { action: 'Changer mon mot de passe', url },
    ],
  }),
  en: ({ address, reason, at, url }, { time, supportAddress }) => ({
    subject: 'Your messages wait to be checked',
    parts: [
      'Hello,',
      `Since ${time(at)}, what ${address} sends waits to be checked by our team. You receive mail as usual.`,
      seenEn[reason],
      'If you did not send these messages, change your password now, remove the app passwords you do not know, and check the computer and the phone you use.',
      supportAddress === null
        ? 'If you did, tell support: your messages will go out without your sending them again.'
        : `If you did, write to ${supportAddress}: your messages will go out without your sending them again.`,
      { action: 'Change my password', url },
    ],
  }),
}

export const sendingDecided: NoticeTexts<'sending-decided'> = {
  fr: ({ address, decision, messages, recipients, url }) =>
    decision === 'released'
      ? {
          subject: 'Vos messages partent',
          parts: [
            'Bonjour,',
            messages === 0
              ? `Notre équipe a vérifié les envois de ${address} : vous pouvez de nouveau envoyer comme d’habitude.`
              : `Notre équipe a vérifié les envois de ${address}. ${waitingFr(messages, recipients)} ${messages === 1 ? 'part' : 'partent'} maintenant ; ne ${messages === 1 ? 'le' : 'les'} renvoyez pas.`,
            { action: 'Suivre mes messages', url },
          ],
        }
      : {
          subject: 'Des messages retenus n’ont pas été envoyés',
          parts: [
            'Bonjour,',
            `Notre équipe n’a pas envoyé ${waitingFr(messages, recipients)} de ${address}, qui ne semblaient pas venir de vous. Il n’y aura pas d’autre avis pour chacun.`,
            'Si l’un d’eux venait de vous, envoyez-le de nouveau une fois votre mot de passe changé et l’envoi rétabli par notre équipe.',
            { action: 'Voir ces messages', url },
          ],
        },
  en: ({ address, decision, messages, recipients, url }) =>
    decision === 'released'
      ? {
          subject: 'Your messages are on their way',
          parts: [
            'Hello,',
            messages === 0
              ? `Our team checked what ${address} sends: you can send as usual again.`
              : `Our team checked what ${address} sends. ${waitingEn(messages, recipients)} ${messages === 1 ? 'goes' : 'go'} out now; do not send ${messages === 1 ? 'it' : 'them'} again.`,
            { action: 'Follow my messages', url },
          ],
        }
      : {
          subject: 'Messages that were held have not been sent',
          parts: [
            'Hello,',
            `Our team did not send ${waitingEn(messages, recipients)} of ${address}, which did not seem to come from you. There will be no other notice for each of them.`,
            'If you did send one of them, send it again once your password is changed and our team has restored sending.',
            { action: 'See these messages', url },
          ],
        },
}

const waitingFr = (messages: number, recipients: number): string =>
  `${messages} message${messages > 1 ? 's' : ''} (${recipients} destinataire${recipients > 1 ? 's' : ''})`
const waitingEn = (messages: number, recipients: number): string =>
  `${messages} message${messages === 1 ? '' : 's'} (${recipients} recipient${recipients === 1 ? '' : 's'})`

/** A country by its name, a network as it is. */
function nameOf(place: string | null, language: 'fr' | 'en'): string {
  if (place === null || !/^[A-Z]{2}$/.test(place)) return place ?? '-'
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(place) ?? place
}
