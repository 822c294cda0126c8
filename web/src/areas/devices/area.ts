import { MonitorSmartphone } from 'lucide-react'
import { type Area, ownsMailbox } from '../area.ts'

export const devices: Area = {
  nav: [
    {
      section: 'mailbox',
      order: 30,
      href: '/devices',
      label: { fr: 'Mes appareils', en: 'My devices' },
      icon: MonitorSmartphone,
      when: ownsMailbox,
    },
  ],
  routes: [
    { path: '/devices', load: () => import('./devices-page.tsx'), when: ownsMailbox },
    { path: '/devices/:program', load: () => import('./program-page.tsx'), when: ownsMailbox },
  ],
}
