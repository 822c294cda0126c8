import { House } from 'lucide-react'
import { type Area, ownsMailbox } from '../area.ts'

export const home: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 10,
      href: '/',
      label: { fr: 'Accueil', en: 'Home' },
      icon: House,
      when: ownsMailbox,
    },
  ],
  routes: [{ path: '/', load: () => import('./home-page.tsx') }],
}
