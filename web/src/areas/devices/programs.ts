/** The programs that have a guide, in the order people have them. */
import { Laptop, Mail, Smartphone, SquareTerminal } from 'lucide-react'
import { defineTexts } from '../../shared/texts/texts.ts'
import type { IconType } from '../../shared/ui/icon.tsx'

export const programs = ['iphone', 'android', 'mac', 'outlook', 'thunderbird', 'other'] as const
export type Program = (typeof programs)[number]

export const isProgram = (name: string | undefined): name is Program => programs.some(program => program === name)

export const icons: Record<Program, IconType> = {
  iphone: Smartphone,
  android: Smartphone,
  mac: Laptop,
  outlook: Mail,
  thunderbird: Mail,
  other: SquareTerminal,
}

/** The article of the help centre that goes further. */
export const guides: Record<Program, string> = {
  iphone: 'set-up-iphone',
  android: 'set-up-android',
  mac: 'set-up-apple-mail',
  outlook: 'set-up-outlook',
  thunderbird: 'set-up-thunderbird',
  other: 'set-up-other',
}

/** The shortest way for each: `steps` in order, `beware` where there is something to know first. */
export const programTexts = defineTexts({
  fr: {
    names: {
      iphone: 'iPhone ou iPad',
      android: 'Android',
      mac: 'Mac',
      outlook: 'Outlook',
      thunderbird: 'Thunderbird',
      other: 'Autre logiciel',
    },
    hints: {
      iphone: 'Application Mail',
      android: 'Application Gmail',
      mac: 'Application Mail',
      outlook: 'Nouveau et classique',
      thunderbird: 'Windows, Mac, Linux',
      other: 'Réglages universels',
    },
    steps: {
      iphone: '',
      android:
        'Ouvrez Gmail, touchez votre photo, puis Ajouter un autre compte.\nChoisissez Autre, saisissez votre adresse, puis Configuration manuelle.\nChoisissez Personnel (IMAP) et saisissez votre mot de passe.\nRecopiez les réglages ci-dessous : serveur entrant, puis serveur sortant.',
      mac: 'Téléchargez le profil : le Mac annonce « Profil téléchargé ».\nOuvrez Réglages Système, Général, Gestion des appareils.\nDouble-cliquez sur le profil, puis Installer.\nSaisissez le mot de passe de votre boîte.',
      outlook:
        'Ouvrez Fichier, Ajouter un compte (nouvel Outlook : Paramètres, Comptes, Ajouter un compte).\nSaisissez votre adresse, ouvrez Options avancées, cochez la configuration manuelle et choisissez IMAP.\nRecopiez les réglages ci-dessous, sans cocher SPA.\nSaisissez le mot de passe de votre boîte.',
      thunderbird:
        'Ouvrez le menu ≡, Nouveau compte, Adresse électronique.\nSaisissez votre nom et votre adresse : Thunderbird trouve les réglages tout seul.\nGardez IMAP, saisissez le mot de passe de votre boîte, puis Terminé.',
      other:
        'Ajoutez un compte de type IMAP.\nRecopiez les réglages ci-dessous, pour la réception et pour l’envoi.\nL’identifiant est votre adresse entière.',
    },
    beware: {
      outlook:
        'Le nouvel Outlook et Outlook pour téléphone passent par les serveurs de Microsoft, qui gardent votre mot de passe et vos messages. Outlook classique se connecte directement.',
    },
  },
  en: {
    names: {
      iphone: 'iPhone or iPad',
      android: 'Android',
      mac: 'Mac',
      outlook: 'Outlook',
      thunderbird: 'Thunderbird',
      other: 'Another program',
    },
    hints: {
      iphone: 'The Mail app',
      android: 'The Gmail app',
      mac: 'The Mail app',
      outlook: 'New and classic',
      thunderbird: 'Windows, Mac, Linux',
      other: 'Settings for any program',
    },
    steps: {
      iphone: '',
      android:
        'Open Gmail, tap your picture, then Add another account.\nChoose Other, type your address, then Manual setup.\nChoose Personal (IMAP) and type your password.\nCopy the settings below: incoming server, then outgoing server.',
      mac: 'Download the profile: the Mac says “Profile downloaded”.\nOpen System Settings, General, Device Management.\nDouble-click the profile, then Install.\nType the password of your mailbox.',
      outlook:
        'Open File, Add Account (new Outlook: Settings, Accounts, Add account).\nType your address, open Advanced options, tick manual setup and choose IMAP.\nCopy the settings below, without ticking SPA.\nType the password of your mailbox.',
      thunderbird:
        'Open the menu ≡, New Account, Email.\nType your name and your address: Thunderbird finds the settings by itself.\nKeep IMAP, type the password of your mailbox, then Done.',
      other:
        'Add an account of type IMAP.\nCopy the settings below, for receiving and for sending.\nThe user name is your whole address.',
    },
    beware: {
      outlook:
        'The new Outlook and Outlook for phones pass through Microsoft’s servers, which keep your password and your mail. Classic Outlook connects directly.',
    },
  },
})
