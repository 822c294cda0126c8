/** Texts of what is held against the sender or against this service. */
import type { ClassTexts, ExplanationClass } from './classes.ts'

type SenderClass = Extract<
  ExplanationClass,
  | 'sending-limit'
  | 'sending-held'
  | 'sender-not-allowed'
  | 'sender-rejected'
  | 'unauthenticated'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | 'domain-reputation'
  | 'blocklisted'
  | 'server-identity'
  | 'rate-limited'
  | 'greylisted'
  | 'policy'
  | 'relaying-denied'
  | 'tls-required'
>

const toSupport = {
  fr: 'Transmettez cet avis entier à l’assistance, qui peut demander le déblocage. D’ici là, joignez votre correspondant par un autre moyen.',
  en: 'Send this whole notice to support, who can ask for the block to be lifted. Until then, reach the recipient another way.',
}
const toManager = {
  fr: 'Transmettez cet avis à qui gère votre nom de domaine : le panneau lui montre, dans la page du domaine, ce qu’il faut corriger. Renvoyez ensuite le message.',
  en: 'Pass this notice on to who manages your domain name: the panel shows, on the page of the domain, what has to be corrected. Then send the message again.',
}

export const senderTexts: Record<SenderClass, ClassTexts> = {
  'sending-limit': {
    whoActs: 'sender',
    retryUseful: true,
    text: {
      fr: () => ({
        what: 'Vous avez envoyé trop de messages en une heure.',
        why: 'Le nombre de destinataires par heure est limité, pour votre boîte et pour votre domaine. Au-delà, les envois sont bloqués pendant au moins une heure.',
        todo: 'Attendez une heure, puis renvoyez le message. Pour une lettre d’information, prenez un service d’envoi en nombre. Si vous n’avez rien envoyé, changez votre mot de passe et prévenez l’assistance.',
      }),
      en: () => ({
        what: 'You have sent too many messages within an hour.',
        why: 'The number of recipients in an hour is limited, for your mailbox and for your domain. Beyond it, sending is blocked for at least one hour.',
        todo: 'Wait for an hour, then send the message again. For a newsletter, use a mailing service. If you sent nothing, change your password and tell support.',
      }),
    },
  },
  'sending-held': {
    whoActs: 'sender',
    retryUseful: true,
    waiting: {
      fr: 'Si ces envois viennent bien de vous, dites-le à l’assistance : le message partira sans que vous ayez à le renvoyer. Sinon, changez votre mot de passe dès maintenant.',
      en: 'If you did send this mail, tell support: the message will go out without your sending it again. If not, change your password now.',
    },
    text: {
      fr: () => ({
        what: 'Votre message attend une vérification, ou l’a attendue trop longtemps.',
        why: 'Vos envois étaient inhabituels (un pays inconnu, beaucoup d’adresses inexistantes ou de refus), comme après le vol d’un mot de passe. Tout ce que vous envoyez attend alors une décision de l’administration du service.',
        todo: 'Dites à l’assistance si ces envois viennent de vous, puis renvoyez le message une fois l’envoi rétabli. S’ils ne viennent pas de vous, changez votre mot de passe dès maintenant.',
      }),
      en: () => ({
        what: 'Your message waits to be checked, or has waited too long for it.',
        why: 'You sent in an unusual way (a new country, many addresses that do not exist, or many refusals), as happens when a password was stolen. All that you send then waits for a decision of the staff.',
        todo: 'Tell support whether you sent this mail, then send the message again once sending is restored. If you did not, change your password now.',
      }),
    },
  },
  'sender-not-allowed': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: () => ({
        what: 'Vous n’avez pas le droit d’écrire depuis cette adresse d’expédition.',
        why: 'L’adresse réglée dans votre logiciel n’est ni celle de votre boîte, ni l’un de ses alias.',
        todo: 'Corrigez l’adresse d’expédition dans les réglages du compte, ou demandez un alias à qui gère votre domaine.',
      }),
      en: () => ({
        what: 'You may not write from that sender’s address.',
        why: 'The address set in your program is neither that of your mailbox nor one of its aliases.',
        todo: 'Correct the sender’s address in the settings of the account, or ask who manages your domain for an alias.',
      }),
    },
  },
  'sender-rejected': {
    whoActs: 'manager',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse votre adresse d’expédition.`,
        why: 'Il a vérifié qu’on peut vous répondre, et ne l’a pas pu : l’adresse ou son nom de domaine lui paraît ne pas exister, ou ne pas recevoir de courrier.',
        todo: 'Vérifiez l’adresse d’expédition réglée dans votre logiciel. Si elle est juste, transmettez cet avis à qui gère votre nom de domaine.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses your sender’s address.`,
        why: 'It checked whether you can be answered, and found that you cannot: the address or its domain name seems not to exist, or not to receive mail.',
        todo: 'Check the sender’s address set in your program. If it is right, pass this notice on to who manages your domain name.',
      }),
    },
  },
  unauthenticated: {
    whoActs: 'manager',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} ne peut pas vérifier que le message vient bien de vous.`,
        why: 'Il exige que votre nom de domaine dise quels serveurs écrivent en son nom (SPF) ou que le message soit signé (DKIM), et n’a trouvé ni l’un ni l’autre.',
        todo: toManager.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} cannot verify that the message really comes from you.`,
        why: 'It demands that your domain name tells which servers write on its behalf (SPF), or that the message is signed (DKIM), and found neither.',
        todo: toManager.en,
      }),
    },
  },
  spf: {
    whoActs: 'manager',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse le message parce que votre nom de domaine n’autorise pas notre serveur.`,
        why: 'L’enregistrement SPF de votre nom de domaine dresse la liste des serveurs qui peuvent écrire en son nom. Le nôtre n’y figure pas, ou l’enregistrement contient une erreur.',
        todo: toManager.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses the message because your domain name does not allow our server.`,
        why: 'The SPF record of your domain name lists the servers that may write on its behalf. Ours is not in it, or the record has an error.',
        todo: toManager.en,
      }),
    },
  },
  dkim: {
    whoActs: 'manager',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse le message parce que sa signature manque ou n’est pas valable.`,
        why: 'La signature DKIM prouve qu’un message vient de votre nom de domaine et n’a pas été modifié en chemin. Sa clé manque ou ne convient pas.',
        todo: toManager.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses the message because its signature is missing or not valid.`,
        why: 'The DKIM signature proves that a message comes from your domain name and was not changed on its way. Its key is missing or does not fit.',
        todo: toManager.en,
      }),
    },
  },
  dmarc: {
    whoActs: 'manager',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse le message comme votre nom de domaine le demande (DMARC).`,
        why: 'Le nom de domaine de l’expéditeur ordonne de refuser ce qui n’est ni autorisé (SPF) ni signé (DKIM) en son nom, et ce message ne l’était pas. Cela arrive aussi à un message réexpédié.',
        todo: toManager.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses the message as your domain name asks it to (DMARC).`,
        why: 'The sender’s domain name orders to refuse what is neither allowed (SPF) nor signed (DKIM) in its name, and this message was not. That also happens to messages that are forwarded.',
        todo: toManager.en,
      }),
    },
  },
  'domain-reputation': {
    whoActs: 'manager',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} se méfie de votre nom de domaine.`,
        why: 'Des messages envoyés au nom de votre domaine ont été signalés comme indésirables, ou il figure sur une liste noire.',
        todo: 'Transmettez cet avis à qui gère votre nom de domaine. D’ici là, joignez votre correspondant par un autre moyen, et n’envoyez pas de publicité depuis ce domaine.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} distrusts your domain name.`,
        why: 'Messages sent in the name of your domain were reported as junk, or it is on a blocklist.',
        todo: 'Pass this notice on to who manages your domain name. Until then, reach the recipient another way, and send no advertising from this domain.',
      }),
    },
  },
  blocklisted: {
    whoActs: 'provider',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse en ce moment tout ce qui vient de notre serveur.`,
        why: 'L’adresse de notre serveur figure sur une liste noire. Ni vous ni votre message n’êtes en cause.',
        todo: toSupport.fr,
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses everything from our server at the moment.`,
        why: 'The address of our server is on a blocklist. It is neither about you nor about your message.',
        todo: toSupport.en,
      }),
    },
  },
  'server-identity': {
    whoActs: 'provider',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} ne reconnaît pas le nom de notre serveur.`,
        why: 'Un réglage de notre serveur (son nom dans le DNS) ne lui convient pas. Ni vous ni votre message n’êtes en cause.',
        todo: 'Transmettez cet avis entier à l’assistance, qui peut corriger le réglage. Renvoyez le message ensuite.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} does not recognise the name of our server.`,
        why: 'A setting of our server (its name in DNS) does not suit it. It is neither about you nor about your message.',
        todo: 'Send this whole notice to support, who can correct the setting. Then send the message again.',
      }),
    },
  },
  'rate-limited': {
    whoActs: 'nobody',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} nous demande de ralentir.`,
        why: 'Il reçoit beaucoup de messages de notre serveur en ce moment, et en limite le nombre pour se protéger.',
        todo: 'Renvoyez le message dans quelques heures. S’il est encore refusé, transmettez cet avis à l’assistance.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} asks us to slow down.`,
        why: 'It is receiving many messages from our server at the moment, and limits their number to protect itself.',
        todo: 'Send the message again in some hours. If it is refused again, send this notice to support.',
      }),
    },
  },
  greylisted: {
    whoActs: 'nobody',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} demande de se présenter de nouveau plus tard.`,
        why: 'Beaucoup de serveurs font attendre un premier message, parce que les robots ne reviennent pas. C’est normal et cela passe tout seul.',
        todo: 'Renvoyez le message plus tard. S’il est encore refusé, transmettez cet avis à l’assistance.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} asks to come back later.`,
        why: 'Many servers make a first message wait, since robots do not come back. This is usual and passes by itself.',
        todo: 'Send the message again later. If it is refused again, send this notice to support.',
      }),
    },
  },
  policy: {
    whoActs: 'recipient',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse le message selon ses propres règles.`,
        why: 'Il n’en dit pas plus, ou seulement dans sa réponse, ci-dessous. Si elle contient une adresse internet, la page explique souvent la raison.',
        todo: 'Demandez à votre correspondant, par un autre moyen, de faire autoriser votre adresse par son service informatique. Transmettez-lui la réponse du serveur, et cet avis à l’assistance.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses the message by rules of its own.`,
        why: 'It does not say more, or only in its answer below. If that has a web address, the page often explains the reason.',
        todo: 'Ask the recipient, another way, to have your address allowed by their IT staff. Pass the server’s answer on to them, and this notice to support.',
      }),
    },
  },
  'relaying-denied': {
    whoActs: 'recipient',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur vers lequel ${domain} dirige son courrier ne l’accepte pas.`,
        why: 'Ce serveur dit ne pas recevoir de courrier pour ce nom de domaine : le réglage est faux ou incomplet chez votre correspondant.',
        todo: 'Vérifiez la fin de l’adresse. Si elle est juste, prévenez votre correspondant par un autre moyen et transmettez-lui la réponse du serveur.',
      }),
      en: ({ domain }) => ({
        what: `The server that ${domain} directs its mail to does not accept it.`,
        why: 'That server says that it receives no mail for this domain name: settings on the recipient’s side are wrong or incomplete.',
        todo: 'Check the end of the address. If it is right, tell the recipient another way and pass the server’s answer on to them.',
      }),
    },
  },
  'tls-required': {
    whoActs: 'provider',
    retryUseful: true,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} n’accepte que des messages chiffrés en chemin.`,
        why: 'La connexion chiffrée entre notre serveur et le sien n’a pas pu être établie.',
        todo: 'Transmettez cet avis à l’assistance. D’ici là, joignez votre correspondant par un autre moyen.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} only accepts messages that are encrypted on their way.`,
        why: 'The encrypted connection between our server and that one could not be made.',
        todo: 'Send this notice to support. Until then, reach the recipient another way.',
      }),
    },
  },
}
