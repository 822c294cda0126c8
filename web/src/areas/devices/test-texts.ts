import { defineTexts } from '../../shared/texts/texts.ts'

export const testTexts = defineTexts({
  fr: {
    title: 'Vérifier mes réglages',
    description:
      'Relevez votre courrier ou envoyez un message depuis l’appareil : le résultat s’affiche ici en direct.',
    protocols: { imap: 'Réception (IMAP)', pop3: 'Réception (POP3)', submission: 'Envoi (SMTP)', panel: 'Panneau' },
    never: 'Aucune connexion vue',
    ok: (when: string) => `Connexion réussie ${when}`,
    failed: (when: string) => `Connexion refusée ${when}`,
    earlier: (when: string) => `Dernière réussie ${when}.`,
    from: (address: string) => `depuis ${address}`,
    label: (label: string) => `mot de passe « ${label} »`,
    live: 'En direct',
    paused: 'En pause',
    resume: 'Reprendre',
    notSeen: 'Votre essai n’apparaît pas ? Le logiciel n’atteint pas le serveur, ou donne une autre adresse.',
    more: 'La connexion échoue',
    reasons: {
      ok: '',
      'wrong-password': 'Le mot de passe est faux. Retapez-le dans le logiciel ; s’il ouvre ce panneau, c’est le bon.',
      'wrong-second-factor': 'Le code de la double authentification est faux.',
      'app-password-needed':
        'La double authentification est activée : ce logiciel a besoin d’un mot de passe d’application, pas de votre mot de passe.',
      disabled: 'La connexion à cette boîte est suspendue. Adressez-vous à la personne qui gère votre domaine.',
      'no-password': 'Cette boîte n’a pas encore de mot de passe. Ouvrez le lien reçu à sa création.',
      throttled: 'Trop d’échecs de suite. Fermez le logiciel, attendez quelques minutes, corrigez, puis rouvrez-le.',
      'protocol-not-allowed':
        'Ce mot de passe d’application n’est pas prévu pour cet usage. Modifiez-le sous Sécurité.',
      'network-not-allowed':
        'Ce mot de passe d’application n’est pas accepté depuis ce réseau. Modifiez-le sous Sécurité.',
      expired: 'Ce mot de passe d’application a expiré. Créez-en un autre sous Sécurité.',
    },
  },
  en: {
    title: 'Test my settings',
    description: 'Fetch your mail or send a message from the device: the result shows here, live.',
    protocols: { imap: 'Receiving (IMAP)', pop3: 'Receiving (POP3)', submission: 'Sending (SMTP)', panel: 'Panel' },
    never: 'No connection seen',
    ok: when => `Connected ${when}`,
    failed: when => `Refused ${when}`,
    earlier: when => `Last success ${when}.`,
    from: address => `from ${address}`,
    label: label => `password “${label}”`,
    live: 'Live',
    paused: 'Paused',
    resume: 'Resume',
    notSeen: 'Your try doesn’t show? The program doesn’t reach the server, or gives another address.',
    more: 'The connection fails',
    reasons: {
      ok: '',
      'wrong-password':
        'The password is wrong. Type it again in the program; if it opens this panel, it is the right one.',
      'wrong-second-factor': 'The code of two-step sign-in is wrong.',
      'app-password-needed': 'Two-step sign-in is on: this program needs an app password, not your own password.',
      disabled: 'Signing in to this mailbox is suspended. Turn to whoever manages your domain.',
      'no-password': 'This mailbox has no password yet. Open the link you got when it was made.',
      throttled: 'Too many failures in a row. Close the program, wait some minutes, correct, then open it again.',
      'protocol-not-allowed': 'This app password is not for that use. Change it under Security.',
      'network-not-allowed': 'This app password is not accepted from that network. Change it under Security.',
      expired: 'This app password has expired. Make another one under Security.',
    },
  },
})
