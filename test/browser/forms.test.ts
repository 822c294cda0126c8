/** Forms of the panels with something in their way: another tab, a lost answer, another language, more to choose from than one page of a list. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { panelPassword, people, signedIn, startPanelService } from '../integration/fixtures/panel.ts'
import type { Service } from '../integration/service.ts'
import { launchBrowser, type Visitor, visit } from './browser.ts'

/** More than the service lists at once. */
const DOMAINS = 205

let service: Service
let browser: Browser
let staff: Visitor
beforeAll(async () => {
  service = await startPanelService({}, async store => {
    for (let i = 0; i < DOMAINS; i++) await store.write('domain.add', { name: `many-${1000 + i}.example`, at: 1 })
  })
  browser = await launchBrowser()
  staff = await visit(browser, service)
  await staff.signIn(people.staff, panelPassword)
  await staff.page.getByRole('navigation').first().waitFor()
})
afterAll(async () => {
  await staff?.close()
  await browser?.close()
  await service?.stop()
})

it('are sent though the session they were filled in has ended, and another tab has signed in again', async () => {
  const visitor = await visit(browser, service)
  const { page, context } = visitor
  await visitor.signIn(people.owner, panelPassword)
  await page.getByRole('navigation').first().waitFor()
  await visitor.goto('/settings')
  await page.getByLabel('Name').fill('Alice')
  await context.clearCookies()
  const other = await context.newPage()
  await other.goto(new URL('/', page.url()).href)
  await other.getByLabel('Full email address').fill(people.owner)
  await other.getByLabel('Password', { exact: true }).fill(panelPassword)
  await other.getByRole('button', { name: 'Sign in', exact: true }).click()
  await other.getByRole('navigation').first().waitFor()
  await page.locator('form').filter({ hasText: 'Time zone' }).getByRole('button', { name: 'Save' }).click()
  await page.getByText('Preferences saved.').waitFor()
  await visitor.close()
})

it('make a mailbox in any domain of the list, however long it is, and show its link though the first answer was lost', async () => {
  const { page } = staff
  const last = `many-${1000 + DOMAINS - 1}.example`
  await staff.goto('/mailboxes?new=1')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address').fill('anna')
  await dialog.getByLabel('Domain').selectOption(last)
  let sent = 0
  await page.route('**/api/v1/mailboxes', async route => {
    if (route.request().method() !== 'POST' || sent++ > 0) return route.continue()
    await route.fetch()
    await route.abort('connectionreset')
  })
  await dialog.getByRole('button', { name: 'Create the mailbox' }).click()
  await dialog.getByText('The service can’t be reached.').waitFor()
  await dialog.getByRole('button', { name: 'Create the mailbox' }).click()
  await dialog.getByText(`anna@${last} is ready`).waitFor()
  expect(await staff.copyable('Single-use link')).toMatch(/\/link#/)
  await page.unroute('**/api/v1/mailboxes')
})

it('of a list of mailboxes promise no space where the one that was asked for is wrong', async () => {
  const { page } = staff
  await staff.goto('/mailboxes/import')
  const rows = ['dora@example.org;Dora;lots', 'dan@example.org;Dan', 'eve@example.org;Eve;5 GB']
  await page.locator('textarea').fill(rows.join('\n'))
  await page.getByRole('button', { name: 'Check' }).click()
  const row = (address: string) => page.getByRole('row').filter({ hasText: address })
  await row('dora@example.org').getByRole('cell', { name: '–', exact: true }).waitFor()
  await row('dan@example.org').getByText('As the domain has it').waitFor()
  await row('eve@example.org').getByText('5 GB').waitFor()
})

it('of a mailbox leave its space to the byte what it was, where something else is changed', async () => {
  const { page } = staff
  const quotaBytes = 500 * 1024 * 1024
  const client = await signedIn(service, 'staff')
  const space = async (): Promise<unknown> => (await client.get(`/mailboxes/${people.neighbour}`)).json
  expect((await client.patch(`/mailboxes/${people.neighbour}`, { quotaBytes })).status).toBe(200)
  await staff.goto(`/mailboxes/${people.neighbour}`)
  await page.getByLabel('Name of the person').fill('Bob')
  await page.locator('form').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Changes saved.').waitFor()
  expect(await space()).toMatchObject({ name: 'Bob', quotaBytes })
})

it('of the settings of the service leave what is empty empty, and are in the language that is chosen', async () => {
  const { page } = staff
  await staff.goto('/service')
  const days = page.getByLabel('How long traces of messages are kept')
  await days.fill('45')
  await page.locator('form').filter({ has: days }).getByRole('button', { name: 'Save' }).click()
  await page.getByText('Settings saved.').waitFor()
  const { items } = (await (await signedIn(service, 'staff')).get('/service/settings')).json
  const values = Object.fromEntries(items.map(({ key, value }: { key: string; value: unknown }) => [key, value]))
  expect(values).toMatchObject({ traceRetentionDays: 45, domainHourlyLimit: null })
  const most = page.getByLabel('Sending limit per domain and hour')
  await most.fill('123456')
  expect(await most.inputValue()).toBe('123456')
  await most.fill('')
  await page.getByRole('button', { name: 'Français' }).first().click()
  await page.getByLabel('Limite d’envoi par domaine et par heure').waitFor()
})
