import { defineTexts } from '../../shared/texts/texts.ts'

export const gaugeTexts = defineTexts({
  fr: {
    title: 'Limite d’envoi',
    counted: 'Chaque destinataire compte : un message à 16 personnes compte pour 16.',
    lastHour: 'Destinataires pendant la dernière heure',
    none: 'Cette boîte mail n’a pas le droit d’envoyer.',
    unlimited: 'Aucune limite pour l’ensemble du domaine ou de la boîte mail.',
    noneDomain: 'Aucune boîte mail de ce domaine n’a le droit d’envoyer.',
    blockedDomain:
      'Les boîtes mail de ce domaine ont ensemble dépassé sa limite. Avant de le débloquer, vérifiez que ces envois viennent bien de leurs titulaires.',
    raiseTextDomain:
      'Pour quelques heures. Un blocage en cours est levé. Pour plus longtemps, changez la limite du domaine.',
    unblockTextDomain:
      'Ses boîtes mail pourront envoyer de nouveau. Vérifiez d’abord que leurs envois viennent bien de leurs titulaires.',
    blocked: (until: string) => `Envois bloqués jusqu’au ${until}`,
    blockedOwn:
      'Votre boîte mail a dépassé sa limite. Si ces envois ne viennent pas de vous, changez votre mot de passe et prévenez l’assistance.',
    blockedText:
      'Cette boîte mail a dépassé sa limite. Avant de la débloquer, vérifiez que ces envois viennent bien de son titulaire.',
    raisedUntil: (until: string, usual: string | null) =>
      usual === null
        ? `Limite relevée jusqu’au ${until}.`
        : `Limite relevée jusqu’au ${until} ; ensuite ${usual} par heure.`,
    raise: 'Relever la limite',
    raiseTitle: (name: string) => `Relever la limite de ${name} ?`,
    raiseText:
      'Pour quelques heures. Un blocage en cours est levé. Pour plus longtemps, changez la limite de la boîte mail.',
    limit: 'Destinataires par heure',
    limitWrong: 'Donnez un nombre entier entre 1 et 100 000.',
    hours: 'Pendant combien d’heures',
    hoursWrong: 'Donnez un nombre entier entre 1 et 72.',
    raised: 'Limite relevée.',
    endRaise: 'Revenir à la limite habituelle',
    endTitle: (name: string) => `Revenir à la limite habituelle de ${name} ?`,
    endText: 'La limite habituelle s’applique tout de suite.',
    ended: 'La limite habituelle s’applique de nouveau.',
    unblock: 'Débloquer',
    unblockTitle: (name: string) => `Débloquer les envois de ${name} ?`,
    unblockText:
      'La boîte mail pourra envoyer de nouveau. Vérifiez d’abord que ses envois viennent bien de son titulaire.',
    unblocked: 'Envois débloqués.',
  },
  en: {
    title: 'Sending limit',
    counted: 'Each recipient counts: one message to 16 people counts as 16.',
    lastHour: 'Recipients within the last hour',
    none: 'This mailbox may not send.',
    unlimited: 'There is no limit for the domain or the mailbox as a whole.',
    noneDomain: 'No mailbox of this domain may send.',
    blockedDomain:
      'The mailboxes of this domain went over its limit together. Before you unblock it, make sure that their owners sent this mail.',
    raiseTextDomain: 'For some hours. A block is ended. For longer, change the limit of the domain.',
    unblockTextDomain: 'Its mailboxes can send again. First make sure that their owners sent this mail.',
    blocked: until => `Sending is blocked until ${until}`,
    blockedOwn:
      'Your mailbox went over its limit. If you did not send this mail, change your password and tell support.',
    blockedText: 'This mailbox went over its limit. Before you unblock it, make sure that its owner sent this mail.',
    raisedUntil: (until, usual) =>
      usual === null ? `Limit raised until ${until}.` : `Limit raised until ${until}; then ${usual} an hour.`,
    raise: 'Raise the limit',
    raiseTitle: name => `Raise the limit of ${name}?`,
    raiseText: 'For some hours. A block is ended. For longer, change the limit of the mailbox.',
    limit: 'Recipients an hour',
    limitWrong: 'Give a whole number from 1 to 100,000.',
    hours: 'For how many hours',
    hoursWrong: 'Give a whole number from 1 to 72.',
    raised: 'Limit raised.',
    endRaise: 'Back to the usual limit',
    endTitle: name => `Back to the usual limit of ${name}?`,
    endText: 'The usual limit applies at once.',
    ended: 'The usual limit applies again.',
    unblock: 'Unblock',
    unblockTitle: name => `Unblock sending from ${name}?`,
    unblockText: 'The mailbox can send again. First make sure that its owner sent this mail.',
    unblocked: 'Sending is unblocked.',
  },
})
