/** Texts of what is wrong with an address, or with the mailbox behind it. */
import type { ClassTexts, ExplanationClass } from './classes.ts'

type AddressClass = Extract<
  ExplanationClass,
  | 'unknown-user'
  | 'bad-address'
  | 'unknown-domain'
  | 'no-mail-server'
  | 'no-mail-accepted'
  | 'moved'
  | 'mailbox-full'
  | 'mailbox-closed'
  | 'recipient-busy'
  | 'recipient-refuses'
  | 'leads-too-far'
  | 'sent-on'
>

export const addressTexts: Record<AddressClass, ClassTexts> = {
  'unknown-user': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ address, domain }) => ({
        what: `L’adresse ${address} n’existe pas.`,
        why: `Le domaine ${domain} reçoit bien du courrier, mais aucune boîte n’y porte ce nom : faute de frappe, ou boîte supprimée.`,
        todo: 'Relisez l’adresse lettre par lettre, ou demandez-la à votre correspondant par un autre moyen. Corrigez aussi votre carnet d’adresses, puis renvoyez le message.',
      }),
      en: ({ address, domain }) => ({
        what: `The address ${address} does not exist.`,
        why: `The domain ${domain} does receive mail, but no mailbox there has this name: a typing error, or a mailbox that was removed.`,
        todo: 'Check the address letter by letter, or ask the recipient for it another way. Correct your address book too, then send the message again.',
      }),
    },
  },
  'bad-address': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ address }) => ({
        what: `« ${address} » n’a pas la forme d’une adresse e-mail.`,
        why: 'Il y manque quelque chose (le signe @, la fin en .fr ou .com), ou il s’y trouve une espace, une virgule ou un point de trop.',
        todo: 'Corrigez l’adresse, dans le message et dans votre carnet d’adresses, puis renvoyez le message.',
      }),
      en: ({ address }) => ({
        what: `“${address}” does not have the form of an email address.`,
        why: 'Something is missing in it (the @, the end as in .fr or .com), or there is a space, a comma or a dot too many.',
        todo: 'Correct the address, in the message and in your address book, then send the message again.',
      }),
    },
  },
  'unknown-domain': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le domaine ${domain} n’existe pas.`,
        why: 'Ce qui suit le signe @ est introuvable sur internet : faute de frappe (gmial.com pour gmail.com), ou nom de domaine abandonné.',
        todo: 'Vérifiez la fin de l’adresse, puis renvoyez le message. Si elle est juste, joignez votre correspondant par un autre moyen : son nom de domaine a peut-être expiré.',
      }),
      en: ({ domain }) => ({
        what: `The domain ${domain} does not exist.`,
        why: 'What comes after the @ is not found on the internet: a typing error (gmial.com for gmail.com), or a domain name that was given up.',
        todo: 'Check the end of the address, then send the message again. If it is right, reach the recipient another way: the domain name may have expired.',
      }),
    },
  },
  'no-mail-server': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le domaine ${domain} n’a pas de serveur de courrier.`,
        why: 'Ce nom de domaine existe, mais rien n’y est prévu pour recevoir des messages : faute de frappe, ou réglage en panne chez votre correspondant.',
        todo: 'Vérifiez la fin de l’adresse. Si elle est juste, prévenez votre correspondant par un autre moyen.',
      }),
      en: ({ domain }) => ({
        what: `The domain ${domain} has no mail server.`,
        why: 'The domain name exists, but nothing there is set up to receive messages: a typing error, or broken settings on the recipient’s side.',
        todo: 'Check the end of the address. If it is right, tell the recipient another way.',
      }),
    },
  },
  'no-mail-accepted': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le domaine ${domain} ne reçoit aucun courrier.`,
        why: 'Son propriétaire a déclaré que ce nom de domaine n’a pas d’adresses e-mail.',
        todo: 'Demandez à votre correspondant son adresse exacte par un autre moyen.',
      }),
      en: ({ domain }) => ({
        what: `The domain ${domain} accepts no mail at all.`,
        why: 'Its owner has declared that this domain name has no email addresses.',
        todo: 'Ask the recipient for the exact address another way.',
      }),
    },
  },
  moved: {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ address }) => ({
        what: `L’adresse ${address} n’est plus utilisée.`,
        why: 'Votre correspondant a changé d’adresse, et ses messages ne sont pas réexpédiés.',
        todo: 'La réponse du serveur donne parfois la nouvelle adresse. Sinon, demandez-la à votre correspondant par un autre moyen.',
      }),
      en: ({ address }) => ({
        what: `The address ${address} is no longer in use.`,
        why: 'The recipient has another address now, and mail is not forwarded to it.',
        todo: 'The server’s answer sometimes tells the new address. Else ask the recipient for it another way.',
      }),
    },
  },
  'mailbox-full': {
    whoActs: 'recipient',
    retryUseful: true,
    text: {
      fr: ({ address }) => ({
        what: `La boîte ${address} est pleine.`,
        why: 'Votre correspondant n’a plus de place pour recevoir de messages.',
        todo: 'Prévenez-le par un autre moyen, et renvoyez le message lorsqu’il aura fait de la place.',
      }),
      en: ({ address }) => ({
        what: `The mailbox ${address} is full.`,
        why: 'The recipient has no room left for messages.',
        todo: 'Tell the recipient another way, and send the message again once there is room.',
      }),
    },
    waiting: {
      fr: 'Prévenez votre correspondant par un autre moyen : le message arrivera dès qu’il aura fait de la place. Ne le renvoyez pas.',
      en: 'Tell the recipient another way: the message will arrive as soon as there is room. Do not send it again.',
    },
  },
  'mailbox-closed': {
    whoActs: 'recipient',
    retryUseful: false,
    text: {
      fr: ({ address }) => ({
        what: `La boîte ${address} est fermée.`,
        why: 'Elle existe, mais son fournisseur l’a désactivée, souvent parce qu’elle ne servait plus, et elle n’accepte aucun message.',
        todo: 'Joignez votre correspondant par un autre moyen et demandez-lui une autre adresse.',
      }),
      en: ({ address }) => ({
        what: `The mailbox ${address} is closed.`,
        why: 'It exists, but its provider has switched it off, often because it was no longer used, and it accepts no messages.',
        todo: 'Reach the recipient another way and ask for another address.',
      }),
    },
  },
  'recipient-busy': {
    whoActs: 'nobody',
    retryUseful: true,
    text: {
      fr: ({ address }) => ({
        what: `La boîte ${address} reçoit trop de messages en ce moment.`,
        why: 'Le fournisseur de votre correspondant limite ce qu’une boîte peut recevoir en peu de temps.',
        todo: 'Renvoyez le message plus tard, ou joignez votre correspondant par un autre moyen.',
      }),
      en: ({ address }) => ({
        what: `The mailbox ${address} is receiving too many messages at the moment.`,
        why: 'The recipient’s provider limits what a mailbox can receive in a short time.',
        todo: 'Send the message again later, or reach the recipient another way.',
      }),
    },
  },
  'recipient-refuses': {
    whoActs: 'recipient',
    retryUseful: false,
    text: {
      fr: ({ address }) => ({
        what: `${address} n’accepte pas de messages de votre adresse.`,
        why: 'Votre correspondant, ou son entreprise, a choisi de qui cette adresse reçoit du courrier : une liste réservée à ses membres, ou un blocage.',
        todo: 'Demandez-lui par un autre moyen d’autoriser votre adresse. La réponse du serveur, ci-dessous, l’aidera à trouver le réglage.',
      }),
      en: ({ address }) => ({
        what: `${address} does not accept messages from your address.`,
        why: 'The recipient, or their company, has chosen from whom this address takes mail: a list for members only, or a block.',
        todo: 'Ask them another way to allow your address. The server’s answer below helps to find the setting.',
      }),
    },
  },
  'leads-too-far': {
    whoActs: 'recipient',
    retryUseful: false,
    text: {
      fr: ({ address }) => ({
        what: `${address} mène à trop d’adresses : personne n’a reçu le message.`,
        why: 'Derrière cette adresse, des groupes, des alias ou des réexpéditions s’enchaînent au-delà de ce qui est suivi.',
        todo: 'Prévenez votre correspondant par un autre moyen : c’est à lui, ou à qui gère son domaine, de raccourcir la chaîne.',
      }),
      en: ({ address }) => ({
        what: `${address} leads to too many addresses: nobody received the message.`,
        why: 'Behind this address, groups, aliases or forwards lead from one to the next, further than they are followed.',
        todo: 'Tell the recipient another way: it is for them, or for who manages their domain, to shorten the chain.',
      }),
    },
  },
  'sent-on': {
    whoActs: 'recipient',
    retryUseful: false,
    text: {
      fr: ({ address }) => ({
        what: `Le courrier de ${address} est réexpédié à une autre adresse, dont le serveur n’a pas accepté votre message.`,
        why: 'L’adresse existe, mais ce qui lui est écrit part ailleurs. Où, et pourquoi le message n’y est pas accepté, seul votre correspondant peut le dire.',
        todo: 'Prévenez votre correspondant par un autre moyen : lui seul, ou la personne qui gère son domaine, peut corriger la réexpédition.',
      }),
      en: ({ address }) => ({
        what: `Mail for ${address} is sent on to another address, whose server did not accept your message.`,
        why: 'The address exists, but what is written to it goes elsewhere; where, and why the message is not accepted there, is for the recipient to tell.',
        todo: 'Tell the recipient another way: they alone, or who manages their domain, can mend the forward.',
      }),
    },
  },
}
