import { Users } from 'lucide-react'
import { type Area, isStaff } from '../area.ts'

export const users: Area = {
  nav: [
    {
      section: 'administration',
      order: 20,
      href: '/users',
      label: { fr: 'Utilisateurs', en: 'Users' },
      icon: Users,
      when: isStaff,
    },
  ],
  routes: [
    { path: '/users', load: () => import('./users-page.tsx'), when: isStaff },
    { path: '/users/:principalId', load: () => import('./user-page.tsx'), when: isStaff },
  ],
}
