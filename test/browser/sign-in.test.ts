/** Signing in and out, as people do. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { launchBrowser, visit } from './browser.ts'

let service: Service
let browser: Browser
beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', 'alice@example.org', '--password-stdin'], { stdin: 'correct horse' })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

it.each(['fr-FR', 'en-GB'] as const)('opens the panel in %s, on 443 and on 8443, and closes it again', async locale => {
  for (const listener of ['https', 'panel'] as const) {
    const visitor = await visit(browser, service, { locale, listener })
    const { page } = visitor
    await visitor.goto('/')
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
    // axe takes seconds, and both have the same pages.
    const isFirst = listener === 'https'
    if (isFirst) await visitor.expectAccessible()
    await visitor.signIn('alice@example.org', 'wrong')
    await page.getByRole('alert').waitFor()
    await visitor.signIn('alice@example.org', 'correct horse')
    await page.getByRole('navigation').first().waitFor()
    if (isFirst) await visitor.expectAccessible()
    await page.reload()
    await page.getByRole('navigation').first().waitFor()
    await page.getByRole('button', { name: 'alice@example.org' }).click()
    await page.getByRole('menuitem', { name: locale === 'fr-FR' ? 'Se déconnecter' : 'Sign out' }).click()
    await page.getByRole('button', { name: locale === 'fr-FR' ? 'Se connecter' : 'Sign in', exact: true }).waitFor()
    await visitor.close()
  }
})

it('works on a phone and by keyboard alone', async () => {
  const visitor = await visit(browser, service, { phone: true })
  const { page } = visitor
  await visitor.goto('/')
  const address = page.getByLabel('Full email address')
  await address.focus()
  await page.keyboard.type('alice@example.org')
  await page.getByLabel('Password', { exact: true }).focus()
  await page.keyboard.type('correct horse')
  await page.keyboard.press('Enter')
  await page.locator('main h1').waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await visitor.expectAccessible()
  await visitor.close()
})
