/**
 * What an area of the application is made of. An area is a folder here; `areas/index.ts` lists those of the panel, `areas/public.ts` the pages that need
 * no session. Pages are loaded when they are opened: write `load: () => import('./some-page.tsx')`, the file's default export being the page.
 */
import type { ComponentType } from 'react'
import type { Principal } from '../shared/api/contract.ts'
import type { Texts } from '../shared/texts/texts.ts'
import type { IconType } from '../shared/ui/icon.tsx'

/** Where an entry stands in the navigation. */
export type Section = 'mailbox' | 'domains' | 'administration'

export interface PageModule {
  // Pages take the parameters of their path by `useParams` of wouter.
  default: ComponentType
}

export interface PublicRoute {
  /** wouter's pattern, such as `/links/:token`. */
  path: string
  load(): Promise<PageModule>
  /** Whoever is signed in sees it inside the panel: an area has a route of the same path. */
  alsoInShell?: true
}

export interface Route extends PublicRoute {
  /** Who may open it; everyone signed in otherwise. The service decides again: this only hides what would be refused. */
  when?(principal: Principal): boolean
}

export interface NavEntry {
  section: Section
  /** Position in its section, ascending: leave room (10, 20, 30). */
  order: number
  href: string
  label: Texts<string>
  icon: IconType
  when?(principal: Principal): boolean
}

export interface Area {
  nav: readonly NavEntry[]
  routes: readonly Route[]
}

export const ownsMailbox = (principal: Principal): boolean => principal.hasMailbox
export const isStaff = (principal: Principal): boolean => principal.role === 'staff'
/** Domain managers, and staff, who manage every domain. */
export const managesDomains = (principal: Principal): boolean => principal.role !== 'owner'
