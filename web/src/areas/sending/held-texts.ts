import { en, fr } from '../../shared/texts/format.ts'
import { defineTexts } from '../../shared/texts/texts.ts'

const country = (language: string) => (code: string) =>
  new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(code) ?? code

export const heldTexts = defineTexts({
  fr: {
    title: 'Envois retenus',
    since: (at: string) => `Depuis le ${at}, les envois attendent une vérification`,
    text: 'Le mot de passe a peut-être été volé. Ce que cette boîte mail envoie est accepté, mais ne part pas. Elle reçoit son courrier comme d’habitude.',
    ownText:
      'Vos envois sont inhabituels. Ce que vous envoyez est accepté, mais attend d’être vérifié par l’assistance. Si ces envois ne viennent pas de vous, changez votre mot de passe maintenant ; sinon, prévenez l’assistance.',
    why: {
      'new-place': (count: string, usual: string) =>
        `${count} destinataires en une heure depuis un endroit nouveau, pour ${usual} d’habitude au plus.`,
      'unknown-users': (count: string, usual: string) =>
        `${count} destinataires inexistants en 24 heures, pour un seuil de ${usual}.`,
      bounces: (count: string, usual: string) =>
        `${count} destinataires ont refusé en 24 heures, pour un seuil de ${usual}.`,
    },
    from: (address: string, place: string) => `Adresse IP ${address} (${place}).`,
    country: country('fr'),
    waiting: (messages: number, recipients: number) =>
      messages === 0
        ? 'Rien n’attend pour l’instant.'
        : `En attente : ${fr.plural(messages, 'message', 'messages')}, ${fr.plural(recipients, 'destinataire', 'destinataires')}. Sans décision, un message revient à son expéditeur après 5 jours.`,
    sample: (addresses: string) => `Par exemple ${addresses}.`,
    changePassword: 'Changer mon mot de passe',
    release: 'Libérer',
    releaseTitle: (name: string) => `Libérer les envois de ${name} ?`,
    releaseText:
      'Tout ce qui attend est envoyé, et la boîte mail envoie de nouveau comme d’habitude. Elle ne sera pas retenue pour la même raison avant 7 jours. Vérifiez d’abord que ces envois viennent bien de son titulaire.',
    released: 'Les envois partent.',
    drop: 'Supprimer ce qui attend',
    dropTitle: (name: string) => `Supprimer les envois retenus de ${name} ?`,
    dropText:
      'Les messages qui attendent ne seront pas envoyés ; le titulaire en est averti par un seul mail. Les envois suivants restent retenus, jusqu’à ce que vous les libériez : changez d’abord le mot de passe.',
    dropped: 'Les messages retenus sont supprimés.',
  },
  en: {
    title: 'Sending is held',
    since: at => `Since ${at}, what is sent waits to be checked`,
    text: 'The password may have been stolen. What this mailbox sends is accepted, but does not go out. It receives mail as usual.',
    ownText:
      'You send in an unusual way. What you send is accepted, but waits to be checked by support. If you did not send this mail, change your password now; if you did, tell support.',
    why: {
      'new-place': (count, usual) =>
        `${count} recipients within an hour from a new place, where ${usual} at most are usual.`,
      'unknown-users': (count, usual) =>
        `${count} recipients that do not exist within 24 hours; the threshold is ${usual}.`,
      bounces: (count, usual) => `${count} recipients refused within 24 hours; the threshold is ${usual}.`,
    },
    from: (address, place) => `IP address ${address} (${place}).`,
    country: country('en'),
    waiting: (messages, recipients) =>
      messages === 0
        ? 'Nothing waits for now.'
        : `Waiting: ${en.plural(messages, 'message', 'messages')}, ${en.plural(recipients, 'recipient', 'recipients')}. Where nobody decides, a message goes back to its sender after 5 days.`,
    sample: addresses => `For example ${addresses}.`,
    changePassword: 'Change my password',
    release: 'Let go',
    releaseTitle: name => `Let go what ${name} sent?`,
    releaseText:
      'All that waits is sent, and the mailbox sends as usual again. It will not be held for the same reason for 7 days. First make sure that its owner sent this mail.',
    released: 'It goes out.',
    drop: 'Drop what waits',
    dropTitle: name => `Drop the held messages of ${name}?`,
    dropText:
      'The messages that wait will not be sent; the owner is told in one mail. What is sent next is still held, until you let it go: change the password first.',
    dropped: 'The messages that were held are dropped.',
  },
})
