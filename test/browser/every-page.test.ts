/** Every page of the navigation, as an owner, a manager and staff find it: it opens, says which it is, axe finds nothing, no wider than a phone. */
import type { Browser, JSHandle, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { launchBrowser, type Visitor, visit } from './browser.ts'

const password = 'correct horse 1'
let service: Service
let browser: Browser
beforeAll(async () => {
  service = await startService()
  for (const domain of ['example.org', 'example.net']) await service.cli(['domain', 'add', domain])
  for (const name of ['owner', 'manager', 'staff'])
    await service.cli(['mailbox', 'add', `${name}@example.org`, '--password-stdin'], { stdin: password })
  await service.cli(['user', 'role', 'staff@example.org', 'staff'])
  await service.cli(['user', 'role', 'manager@example.org', 'manager'])
  await service.cli(['user', 'domains', 'manager@example.org', 'example.net'])
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** A browser on two slow cores looks at a page for some seconds: the pages are shared out among tests, each within the usual limit. */
const people = [
  { name: 'owner', locale: 'en-GB', atLeast: 8, parts: 5 },
  { name: 'manager', locale: 'fr-FR', atLeast: 14, parts: 8 },
  { name: 'staff', locale: 'fr-FR', atLeast: 18, parts: 12 },
] as const
/** axe looks at a page of the navigation once: whoever comes later has the same page with more in it, or another's. */
const looked = new Set<string>()

async function hrefsOf(navigation: Locator): Promise<string[]> {
  await navigation.waitFor()
  const links = await navigation.getByRole('link').all()
  return Promise.all(links.map(async link => (await link.getAttribute('href')) ?? ''))
}

/** Resolves to what has the focus in the moment in which a page gets another heading. */
function whenAHeadingAppears(page: Page): Promise<JSHandle<{ tagName: Promise<string> }>> {
  return page.evaluateHandle(`({ tagName: new Promise(resolve => {
    const former = document.querySelector('main h1')
    const observer = new MutationObserver(() => {
      const heading = document.querySelector('main h1')
      if (!heading || heading === former) return
      observer.disconnect()
      resolve(document.activeElement?.tagName)
    })
    observer.observe(document.body, { childList: true, subtree: true })
  }) })`)
}

describe.each(people)('for $name', ({ name, locale, atLeast, parts }) => {
  let visitor: Visitor
  let hrefs: string[]
  const titles = new Map<string, string>()
  beforeAll(async () => {
    visitor = await visit(browser, service, { locale })
    await visitor.signIn(`${name}@example.org`, password)
    hrefs = await hrefsOf(visitor.page.getByRole('navigation').first())
    // A page that is open already, and in no navigation: away from it every link leads.
    await visitor.goto('/nowhere')
  })
  afterAll(() => visitor?.close())

  it.each(Array.from({ length: parts }, (_, i) => i))(
    'every page opens from the navigation, and says where one is: part %i',
    async part => {
      const { page } = visitor
      const navigation = page.getByRole('navigation').first()
      for (const href of hrefs.filter((_, i) => i % parts === part)) {
        await page.setViewportSize({ width: 1360, height: 860 })
        await page.emulateMedia({ colorScheme: 'light' })
        const former = await page.title()
        const hasFocus = await whenAHeadingAppears(page)
        await navigation.locator(`a[href="${href}"]`).click()
        // Who doesn't see the page hears its name: the heading has the focus as soon as it is there.
        expect(await hasFocus.evaluate(it => it.tagName), href).toBe('H1')
        await expect.poll(() => new URL(page.url()).pathname).toBe(href)
        // What is still being fetched is a skeleton.
        await expect.poll(() => page.locator('main h1').count()).toBe(1)
        await expect.poll(() => page.locator('.skeleton').count()).toBe(0)
        await expect.poll(() => navigation.locator('[aria-current=page]').getAttribute('href')).toBe(href)
        await expect.poll(() => page.title()).not.toBe(former)
        titles.set(href, await page.title())
        const isNew = !looked.has(href)
        looked.add(href)
        if (isNew) await visitor.expectAccessible()
        await page.setViewportSize({ width: 390, height: 844 })
        await page.emulateMedia({ colorScheme: 'dark' })
        if (isNew) await visitor.expectAccessible()
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${href} on a phone`).toBe(
          true,
        )
      }
    },
  )

  it('each has a title of its own', () => {
    expect(hrefs.length).toBeGreaterThanOrEqual(atLeast)
    expect(new Set(titles.values()).size).toBe(new Set(hrefs).size)
  })
})

it('has the same pages on a phone, behind a button that gets the focus back', async () => {
  const visitor = await visit(browser, service, { locale: 'en-GB', phone: true })
  const { page } = visitor
  await visitor.signIn('owner@example.org', password)
  const button = page.getByRole('button', { name: 'Open the navigation' })
  await button.click()
  const drawer = page.getByRole('dialog').getByRole('navigation')
  expect((await hrefsOf(drawer)).length).toBeGreaterThanOrEqual(8)
  await visitor.expectAccessible()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await expect.poll(() => button.evaluate(element => element === element.ownerDocument.activeElement)).toBe(true)
  await button.click()
  await drawer.getByRole('link', { name: 'Security' }).click()
  await page.getByRole('heading', { level: 1, name: 'Security' }).waitFor()
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1')
  await visitor.close()
})
