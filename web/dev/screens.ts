/** Every screen that is photographed and checked by axe: those here, and the `screens.ts` of each area. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { whileWaitingAndFailing } from './coverage.ts'
import type { Samples } from './sample-service.ts'
import { service, type Visitor } from './samples.ts'

export interface Screen {
  /** The name of its pictures, such as `domains-list`. */
  name: string
  visitor: Visitor
  path: string
  /** Beside, and before, those of the visitor. */
  samples?: Samples
  /** What is done before the picture: open a menu, type, send. */
  prepare?(page: Page): Promise<unknown>
  /** Only in these, such as `phone-dark`; in all four otherwise. */
  looks?: readonly string[]
}

const servers = [
  { name: 'mail.example.org', url: 'http://localhost:1', domains: ['example.org'] },
  { name: 'mail2.example.org', url: 'https://mail2.example.org', domains: ['example.net'] },
]

const common: Screen[] = [
  { name: 'sign-in', visitor: 'nobody', path: '/' },
  {
    name: 'sign-in-errors',
    visitor: 'nobody',
    path: '/',
    samples: { 'GET /service': { body: { ...service, servers } } },
    prepare: page => page.locator('button[type=submit]').click(),
  },
  {
    name: 'sign-in-wait',
    visitor: 'nobody',
    path: '/',
    samples: {
      'POST /session': {
        status: 429,
        headers: { 'Retry-After': '30' },
        body: { status: 429, code: 'too-many-attempts', title: 'Trop de tentatives.' },
      },
    },
    prepare: async page => {
      await page.locator('input[name=address]').fill('alice@example.org')
      await page.locator('input[name=password]').fill('not the one')
      await page.locator('button[type=submit]').click()
      await page.locator('.sign-in-wait .alert').waitFor()
    },
  },
  {
    name: 'sign-in-brand',
    visitor: 'nobody',
    path: '/',
    samples: { 'GET /service': { body: { ...service, colours: { primary: '#f2b705' } } } },
  },
  {
    name: 'ui',
    visitor: 'nobody',
    path: '/_ui/',
    prepare: page => page.locator('.plot-canvas canvas').nth(1).waitFor(),
  },
  {
    name: 'ui-form-errors',
    visitor: 'nobody',
    path: '/_ui/',
    prepare: async page => {
      await page.locator('input[name=quota]').fill('0')
      await page.locator('form button[type=submit]').click()
    },
  },
  { name: 'ui-dialog', visitor: 'nobody', path: '/_ui/', prepare: page => page.locator('#open-dialog').click() },
  { name: 'ui-confirm', visitor: 'nobody', path: '/_ui/', prepare: page => page.locator('#open-confirm').click() },
  {
    name: 'ui-menu',
    visitor: 'nobody',
    path: '/_ui/',
    prepare: async page => {
      await page.locator('#toast').click()
      await page.locator('#toast-danger').click()
      await page.locator('.card [aria-haspopup=menu]').first().click()
    },
  },
  { name: 'not-found', visitor: 'staff', path: '/nowhere' },
  {
    name: 'unreachable',
    visitor: 'nobody',
    path: '/',
    samples: { 'GET /service': { status: 502, body: null } },
  },
]

/** The screens of each area, read from its folder: an area that has no file here is not photographed. */
export async function allScreens(): Promise<Screen[]> {
  const folder = path.resolve(import.meta.dirname, '../src/areas')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => path.basename(name) === 'screens.ts')
    .sort()
  const found = await Promise.all(
    files.map(async (name): Promise<Screen[]> => (await import(path.join(folder, name))).screens),
  )
  const screens = [...common, ...found.flat()]
  return [...screens, ...whileWaitingAndFailing(screens)]
}
