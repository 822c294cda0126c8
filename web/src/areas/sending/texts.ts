import { defineTexts } from '../../shared/texts/texts.ts'

export const texts = defineTexts({
  fr: {
    title: 'Envoi',
    description: 'Ce qui s’applique à tout ce que vous envoyez, quel que soit le logiciel.',
    descriptionOf: (address: string) => `Ce qui s’applique à tout ce que ${address} envoie, quel que soit le logiciel.`,
    descriptionOfDomain: (domain: string) => `Ce que toutes les boîtes mail de ${domain} envoient ensemble.`,
    mailboxes: 'Boîtes mail',
    domains: 'Domaines',
    copies: 'Copies automatiques',
    copiesText: 'Ces adresses reçoivent une copie de chaque message envoyé. Cinq au plus, les deux listes ensemble.',
    cc: 'En copie visible (Cc)',
    ccHint: 'Vos destinataires voient ces adresses.',
    bcc: 'En copie cachée (Cci)',
    bccHint: 'Vos destinataires ne voient pas ces adresses.',
    filed: 'Ranger une copie dans « Envoyés »',
    filedHint:
      'Utile si votre logiciel ou votre imprimante ne le fait pas. Si votre logiciel range déjà sa copie, il n’y en a qu’une.',
    save: 'Enregistrer',
    saved: 'Réglages d’envoi enregistrés.',
    bounces: 'Messages qui reviennent',
    bouncesText:
      'Quand un message n’arrive pas, l’explication revient dans cette boîte. Si personne ne la lit (logiciel de gestion, boutique), faites-la suivre à quelqu’un.',
    copyTo: 'Envoyer aussi l’explication à',
    copyToHint: 'Laissez vide pour ne la recevoir qu’ici.',
    bouncesSaved: 'Adresse enregistrée.',
  },
  en: {
    title: 'Sending',
    description: 'What goes for all that you send, whatever the program.',
    descriptionOf: address => `What goes for all that ${address} sends, whatever the program.`,
    descriptionOfDomain: domain => `What all mailboxes of ${domain} send together.`,
    mailboxes: 'Mailboxes',
    domains: 'Domains',
    copies: 'Automatic copies',
    copiesText: 'These addresses get a copy of each message that is sent. Five at most, both lists together.',
    cc: 'In visible copy (Cc)',
    ccHint: 'Your recipients see these addresses.',
    bcc: 'In blind copy (Bcc)',
    bccHint: 'Your recipients don’t see these addresses.',
    filed: 'File a copy in “Sent”',
    filedHint:
      'Useful where your program or your printer files none. Where your program does file its own copy, there is only one.',
    save: 'Save',
    saved: 'Sending settings saved.',
    bounces: 'Messages that come back',
    bouncesText:
      'When a message does not arrive, the explanation comes back to this mailbox. Where nobody reads it (business software, a shop), have it sent to somebody as well.',
    copyTo: 'Send the explanation to',
    copyToHint: 'Leave it empty to have it here alone.',
    bouncesSaved: 'Address saved.',
  },
})
