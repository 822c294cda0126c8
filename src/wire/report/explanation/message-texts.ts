/** Texts of what is wrong with the message itself. */
import type { ClassTexts, ExplanationClass } from './classes.ts'

type MessageClass = Extract<
  ExplanationClass,
  | 'too-large'
  | 'too-many-recipients'
  | 'attachment-refused'
  | 'virus'
  | 'spam-content'
  | 'bad-form'
  | 'international-address'
  | 'international-header'
>

export const messageTexts: Record<MessageClass, ClassTexts> = {
  'too-large': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le message est trop gros pour le serveur de ${domain}.`,
        why: 'La limite vaut pour le message entier, et une pièce jointe grossit d’un tiers en voyageant. Certains serveurs s’arrêtent à 10 Mo.',
        todo: 'Réduisez les pièces jointes, répartissez-les entre plusieurs messages, ou déposez-les sur un service de partage et envoyez le lien.',
      }),
      en: ({ domain }) => ({
        what: `The message is too big for the server of ${domain}.`,
        why: 'The limit is for the whole message, and an attachment grows by a third on its way. Some servers stop at 10 MB.',
        todo: 'Make the attachments smaller, spread them over several messages, or put them on a file sharing service and send the link.',
      }),
    },
  },
  'too-many-recipients': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: 'Le message a trop de destinataires.',
        why: `Le serveur de ${domain} limite le nombre de destinataires d’un même message.`,
        todo: 'Envoyez-le à moins de personnes à la fois. Pour une lettre d’information, prenez un service d’envoi en nombre.',
      }),
      en: ({ domain }) => ({
        what: 'The message has too many recipients.',
        why: `The server of ${domain} limits the number of recipients of one message.`,
        todo: 'Send it to fewer people at a time. For a newsletter, use a mailing service.',
      }),
    },
  },
  'attachment-refused': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse une pièce jointe du message.`,
        why: 'Certains types de fichiers (programmes, archives protégées, documents avec macros) sont refusés parce qu’ils peuvent cacher un virus.',
        todo: 'Retirez cette pièce jointe ou envoyez-la dans un autre format, en PDF par exemple, ou par un lien vers un service de partage.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses an attachment of the message.`,
        why: 'Some types of files (programs, protected archives, documents with macros) are refused because they can hide a virus.',
        todo: 'Take that attachment out, or send it in another format, such as PDF, or by a link to a file sharing service.',
      }),
    },
  },
  virus: {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} a trouvé dans le message un virus, ou un lien dangereux.`,
        why: 'Son antivirus a reconnu une pièce jointe ou un lien comme dangereux. Il peut se tromper, mais c’est rare.',
        todo: 'Vérifiez votre ordinateur avec un antivirus avant tout autre envoi. Si vous n’avez pas écrit ce message, changez votre mot de passe et prévenez l’assistance.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} has found a virus, or a dangerous link, in the message.`,
        why: 'Its virus scanner knows an attachment or a link as dangerous. It can be wrong, but seldom is.',
        todo: 'Check your computer with a virus scanner before you send anything else. If you did not write this message, change your password and tell support.',
      }),
    },
  },
  'spam-content': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} a pris le message pour un indésirable.`,
        why: 'Son filtre a jugé le contenu : un lien mal vu, un objet en majuscules, beaucoup d’images et peu de texte, une signature douteuse.',
        todo: 'Récrivez le message plus simplement, sans lien raccourci ni image seule, et renvoyez-le. S’il est encore refusé, transmettez cet avis à l’assistance et joignez votre correspondant par un autre moyen.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} took the message for junk.`,
        why: 'Its filter judged the content: a link of bad repute, a subject in capitals, many pictures and little text, a doubtful signature.',
        todo: 'Write the message more simply, without shortened links or lone pictures, and send it again. If it is refused again, send this notice to support and reach the recipient another way.',
      }),
    },
  },
  'bad-form': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} refuse la forme du message.`,
        why: 'Le logiciel qui l’a écrit n’a pas suivi les règles du courrier : une date ou un expéditeur manque, ou figure deux fois.',
        todo: 'Renvoyez le message depuis un autre logiciel de messagerie. Si un site ou un logiciel de gestion l’a envoyé, transmettez cet avis à qui s’en occupe.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} refuses the form of the message.`,
        why: 'The program that wrote it did not follow the rules of mail: a date or a sender is missing, or there twice.',
        todo: 'Send the message again from another mail program. If a website or a business program sent it, pass this notice on to who looks after it.',
      }),
    },
  },
  'international-address': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} n’accepte pas les adresses avec des lettres accentuées.`,
        why: 'Une adresse du message, celle de l’expéditeur ou d’un destinataire, contient des lettres que ce serveur ne connaît pas.',
        todo: 'Demandez à votre correspondant une adresse sans accents, ou écrivez depuis une adresse sans accents.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} does not accept addresses with accented letters.`,
        why: 'An address of the message, the sender’s or a recipient’s, has letters that this server does not know.',
        todo: 'Ask the recipient for an address in plain letters, or write from an address in plain letters.',
      }),
    },
  },
  'international-header': {
    whoActs: 'sender',
    retryUseful: false,
    text: {
      fr: ({ domain }) => ({
        what: `Le serveur de ${domain} n’accepte pas les lettres accentuées telles qu’elles sont dans l’en-tête du message.`,
        why: 'L’objet ou un nom contient des lettres accentuées que votre logiciel de messagerie a laissées sans codage, ce que ce serveur ne connaît pas. Les adresses ne sont pas en cause.',
        todo: 'Renvoyez le message depuis un autre logiciel de messagerie, ou sans accents dans l’objet et dans les noms.',
      }),
      en: ({ domain }) => ({
        what: `The server of ${domain} does not accept accented letters as they are in the header of the message.`,
        why: 'The subject or a name has accented letters that your mail program left without encoding, which this server does not know. The addresses are not to blame.',
        todo: 'Send the message again from another mail program, or without accents in the subject and in names.',
      }),
    },
  },
}
