import { ChartColumn } from 'lucide-react'
import { type Area, managesDomains } from '../area.ts'

export const dashboard: Area = {
  nav: [
    {
      section: 'domains',
      order: 5,
      href: '/dashboard',
      label: { fr: 'Tableau de bord', en: 'Dashboard' },
      icon: ChartColumn,
      when: managesDomains,
    },
  ],
  routes: [{ path: '/dashboard', load: () => import('./dashboard-page.tsx'), when: managesDomains }],
}
