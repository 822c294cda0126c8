import { defineTexts } from '../../shared/texts/texts.ts'

export const commonTexts = defineTexts({
  fr: {
    before: 'Avant vos filtres',
    beforeText:
      'Ces règles passent en premier. Vos filtres continuent avec ce qu’elles laissent dans la boîte de réception.',
    beforeService: 'Le service applique ses propres règles, posées par ses administrateurs.',
    beforeDomain: (domain: string) => `Règles du domaine ${domain}`,
    domains: 'Domaines',
    service: 'Réglages du service',
    titleDomain: 'Règles du domaine',
    titleService: 'Règles du service',
    descriptionDomain: (domain: string) => `Appliquées aux messages de toutes les boîtes de ${domain}.`,
    descriptionService: 'Appliquées aux messages de toutes les boîtes de tous les domaines.',
    order: 'Qui passe en premier',
    orderText:
      'Chaque étape continue avec ce que la précédente a laissé dans la boîte de réception. Ce qu’elle a rangé ailleurs, refusé ou mis à la corbeille est réglé.',
    steps: {
      service: 'Les règles du service',
      domain: 'Les règles du domaine',
      owner: 'Les filtres de chaque boîte mail',
      reply: 'La réponse automatique',
    },
    here: '(cette page)',
    mayDomain:
      'Ces règles rangent, marquent, copient dans un dossier ou refusent. Elles ne transmettent rien à une autre adresse : gérer un domaine ne donne pas le droit de lire son courrier.',
    seenDomain:
      'Les titulaires des boîtes voient ces règles sur leur page « Filtres ». Chaque modification est consignée dans le journal.',
    mayService:
      'Ces règles peuvent tout faire, même transmettre. Servez-vous-en avec mesure : elles touchent le courrier de chacun.',
    seenService:
      'Les titulaires savent que le service a des règles, sans les voir. Chaque modification est consignée dans le journal, avec le texte entier.',
    noneText: 'Rangez par exemple dans « Junk » ce que votre antispam a marqué, ou refusez un expéditeur pour tous.',
    off: 'Ces règles ne sont pas appliquées',
    offText: 'Elles sont gardées telles quelles.',
    activate: 'Appliquer ces règles',
    deactivate: 'Suspendre',
    activated: 'Les règles sont appliquées.',
    deactivated: 'Les règles sont suspendues.',
    remove: 'Tout supprimer',
    removeText: 'Règles ou script sont supprimés, et ne sont plus appliqués aux prochains messages.',
    removed: 'Les règles sont supprimées.',
    byHand: 'Un script écrit à la main',
    byHandText: 'Il a été écrit ici ou déposé par un programme. Il est montré tel quel et gardé tel quel.',
    scriptTitle: 'Script',
    useRulesText: 'Le script est remplacé par des règles, vides au début. Copiez-le d’abord si vous en aurez besoin.',
  },
  en: {
    before: 'Before your filters',
    beforeText: 'These rules come first. Your filters go on with what they leave in the inbox.',
    beforeService: 'The service applies rules of its own, set by its staff.',
    beforeDomain: domain => `Rules of the domain ${domain}`,
    domains: 'Domains',
    service: 'Service settings',
    titleDomain: 'Rules of the domain',
    titleService: 'Rules of the service',
    descriptionDomain: domain => `Applied to the messages of all mailboxes of ${domain}.`,
    descriptionService: 'Applied to the messages of all mailboxes of all domains.',
    order: 'What comes first',
    orderText:
      'Each step goes on with what the one before left in the inbox. What it filed elsewhere, refused or moved to the bin is settled.',
    steps: {
      service: 'The rules of the service',
      domain: 'The rules of the domain',
      owner: 'The filters of each mailbox',
      reply: 'The auto-reply',
    },
    here: '(this page)',
    mayDomain:
      'These rules file, mark, copy to a folder or refuse. They send nothing to another address: managing a domain is no right to read its mail.',
    seenDomain: 'Owners of mailboxes see these rules on their page “Filters”. Each change is in the log of changes.',
    mayService: 'These rules may do everything, forwarding too. Use them sparingly: they touch everyone’s mail.',
    seenService:
      'Owners know that the service has rules, without seeing them. Each change is in the log of changes, with the whole text.',
    noneText: 'For example, file in “Junk” what your spam filter has marked, or refuse a sender for everyone.',
    off: 'These rules are not applied',
    offText: 'They are kept as they are.',
    activate: 'Apply these rules',
    deactivate: 'Suspend',
    activated: 'The rules are applied.',
    deactivated: 'The rules are suspended.',
    remove: 'Remove all',
    removeText: 'Rules or script are removed, and no longer applied to messages to come.',
    removed: 'The rules are removed.',
    byHand: 'A script written by hand',
    byHandText: 'It was written here, or put here by a program. It is shown as it is, and kept as it is.',
    scriptTitle: 'Script',
    useRulesText:
      'The script is replaced by rules, of which there are none at first. Copy it before if you will need it.',
  },
})
