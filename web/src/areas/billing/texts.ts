/** Words that several pages on plans and money share. */
import { defineTexts } from '../../shared/texts/texts.ts'

export const texts = defineTexts({
  fr: {
    plan: 'Offre',
    noPlan: 'Aucune offre',
    mailbox: 'Boîte mail',
    domain: 'Domaine',
    space: 'Espace',
    price: 'Prix mensuel',
    perMonth: (price: string) => `${price} par mois`,
    limit: 'Envois par heure',
    noLimit: 'Comme le service',
    cancel: 'Annuler',
    save: 'Enregistrer',
    kinds: { created: 'Création', changed: 'Changement', removed: 'Suppression', restored: 'Restauration' },
    date: 'Depuis le',
    by: 'Par',
  },
  en: {
    plan: 'Plan',
    noPlan: 'No plan',
    mailbox: 'Mailbox',
    domain: 'Domain',
    space: 'Space',
    price: 'Price a month',
    perMonth: price => `${price} a month`,
    limit: 'Sent an hour',
    noLimit: 'As the service',
    cancel: 'Cancel',
    save: 'Save',
    kinds: { created: 'Created', changed: 'Changed', removed: 'Removed', restored: 'Restored' },
    date: 'From',
    by: 'By',
  },
})
