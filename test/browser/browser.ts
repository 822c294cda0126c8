/** Real Chromium in front of the real service. What the console, the page's policy or a failed request says fails the test. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Service } from '../integration/service.ts'
import { axeViolations } from './axe.ts'

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface Visitor {
  readonly page: Page
  readonly context: BrowserContext
  /** What went wrong behind the page since it was opened. */
  readonly complaints: string[]
  /** To a page of the service, by its path or a whole address. */
  goto(path: string): Promise<void>
  signIn(address: string, password: string): Promise<void>
  /** What stands beside a button that copies it. */
  copyable(label: string): Promise<string>
  /** What axe finds, by WCAG 2.2 A and AA. */
  expectAccessible(): Promise<void>
  close(): Promise<void>
}

export interface VisitorOptions {
  locale?: 'fr-FR' | 'en-GB'
  listener?: 'https' | 'panel'
  phone?: boolean
}

/** A browser of one person: cookies and storage of its own. */
export async function visit(
  browser: Browser,
  service: Pick<Service, 'ports'>,
  options: VisitorOptions = {},
): Promise<Visitor> {
  const { locale = 'en-GB', listener = 'https', phone = false } = options
  const origin = `https://localhost:${service.ports[listener]}`
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale,
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
    viewport: phone ? { width: 390, height: 844 } : { width: 1360, height: 860 },
    hasTouch: phone,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(45_000)
  const complaints: string[] = []
  const page = await context.newPage()
  page.on('pageerror', error => complaints.push(error.stack ?? error.message))
  page.on('console', message => {
    // The browser reports each answer of 400 and above: those the test means to get are no defect.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  page.on('request', request => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url()))
      complaints.push(`a request to elsewhere: ${request.url()}`)
  })
  page.on('response', response => {
    if (response.status() >= 500) complaints.push(`${response.status()} of ${response.url()}`)
  })
  const goto = async (path: string): Promise<void> => {
    await page.goto(new URL(path, origin).href)
    await page.locator('h1').first().waitFor()
  }
  const french = locale === 'fr-FR'
  return {
    page,
    context,
    complaints,
    goto,
    async signIn(address, password) {
      await goto('/')
      await page.getByLabel(french ? 'Adresse e-mail complète' : 'Full email address').fill(address)
      await page.getByLabel(french ? 'Mot de passe' : 'Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: french ? 'Se connecter' : 'Sign in', exact: true }).click()
    },
    copyable: async label =>
      (await page.getByRole('group', { name: label, exact: true }).locator('.copy-value').textContent()) ?? '',
    async expectAccessible() {
      const found = (await axeViolations(page)).map(
        ({ id, target, summary }) => `${id}: ${target.join(' ')}: ${summary}`,
      )
      expect(found, page.url()).toEqual([])
    },
    async close() {
      await context.close()
      expect(complaints).toEqual([])
    },
  }
}
