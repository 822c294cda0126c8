import type { NoticeTexts } from './text.ts'

export const webhookDisabled: NoticeTexts<'webhook-disabled'> = {
  fr: ({ host, domain, reason, problem, url }) => ({
    subject: `Webhook désactivé : ${host}`,
    parts: [
      'Bonjour,',
      reason === 'gone'
        ? `Le récepteur ${host} a répondu qu’il n’existe plus : les événements ${of(domain).fr} ne lui sont plus envoyés.`
        : `Le récepteur ${host} n’accepte plus rien depuis trois jours : les événements ${of(domain).fr} ne lui sont plus envoyés.`,
      { facts: [['Dernière réponse', problem]] },
      'Les envois en attente sont gardés : ils repartiront quand vous réactiverez le webhook.',
      { action: 'Voir le webhook', url },
    ],
  }),
  en: ({ host, domain, reason, problem, url }) => ({
    subject: `Webhook switched off: ${host}`,
    parts: [
      'Hello,',
      reason === 'gone'
        ? `The receiver ${host} answered that it is gone: events ${of(domain).en} are no longer sent to it.`
        : `The receiver ${host} has taken nothing for three days: events ${of(domain).en} are no longer sent to it.`,
      { facts: [['Last answer', problem]] },
      'What waits is kept, and goes out once you switch the webhook on again.',
      { action: 'See the webhook', url },
    ],
  }),
}

const of = (domain: string | null): { fr: string; en: string } =>
  domain === null ? { fr: 'du service', en: 'of the service' } : { fr: `de ${domain}`, en: `of ${domain}` }
