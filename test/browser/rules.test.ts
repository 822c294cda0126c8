/** What an owner sets in the panel for his mail, seen by SMTP and IMAP: filters, what goes for all he sends, an auto-reply. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { launchBrowser, type Visitor, visit } from './browser.ts'
import { deliver, subjects } from './mail-client.ts'

const password = 'correct horse 1'
const alice = { user: 'alice@example.org', pass: password }
let service: Service
let browser: Browser
let owner: Visitor
beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', alice.user, 'bob@example.org', '--password-stdin'], { stdin: password })
  browser = await launchBrowser()
  owner = await visit(browser, service)
  await owner.signIn(alice.user, password)
  await owner.page.getByRole('navigation').first().waitFor()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

it('are filters, which file mail as it arrives', async () => {
  const { page } = owner
  await owner.goto('/filters')
  await page.getByRole('button', { name: 'Add a rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name of the rule').fill('Invoices')
  await dialog.getByLabel('Is about').selectOption('subject')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Fill this in.').first().waitFor()
  await dialog.getByLabel('Value').fill('invoice\nfacture')
  await dialog.getByLabel('Folder').fill('Papers/Invoices')
  await owner.expectAccessible()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'Invoices' }).waitFor()
  await owner.expectAccessible()

  await deliver(service, alice.user, 'Your invoice')
  await deliver(service, alice.user, 'Hello')
  expect(await subjects(service, alice, 'Papers/Invoices')).toEqual(['Your invoice'])
  expect(await subjects(service, alice)).toEqual(['Hello'])

  await page.getByRole('switch', { name: 'Rule Invoices is on' }).click()
  await page.getByRole('switch', { name: 'Rule Invoices is on', checked: false }).waitFor()
  await deliver(service, alice.user, 'Another invoice')
  expect(await subjects(service, alice)).toEqual(['Hello', 'Another invoice'])
})

it('or a script, whose mistakes are told with their place', async () => {
  const { page } = owner
  await page.getByRole('button', { name: 'Write a Sieve script' }).click()
  const source = page.getByLabel('Sieve script')
  await source.fill('keep;\nfileinto "x";')
  await page.getByRole('button', { name: 'Save and activate the script' }).click()
  await page.getByText('line 2, column 1').first().waitFor()
  await source.fill('require "fileinto";\nfileinto "Papers/Invoices";')
  await page.getByRole('button', { name: 'Save and activate the script' }).click()
  await page.getByText('A script written by hand is active').waitFor()
  await owner.expectAccessible()
  await deliver(service, alice.user, 'By script')
  expect(await subjects(service, alice, 'Papers/Invoices')).toEqual(['Your invoice', 'By script'])
  await page.getByRole('button', { name: 'Go back to rules' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Go back to rules' }).click()
  await page.getByRole('button', { name: 'Add a rule' }).first().waitFor()
})

it('are copies of what is sent', async () => {
  const { page } = owner
  await owner.goto('/sending')
  await page.getByLabel('In blind copy (Bcc)').fill('bob@example.org')
  await page.getByLabel('File a copy in “Sent”').click()
  await owner.expectAccessible()
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByText('Sending settings saved.').waitFor()
})

it('are nobody’s to see once their owner has signed out in another tab', async () => {
  const { page, context } = owner
  const other = await context.newPage()
  await other.goto(page.url())
  await other.getByRole('button', { name: alice.user }).click()
  await other.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
  await owner.close()
})
