/**
 * Room and sending on screen, each step seen by SMTP, IMAP and POP3 too: a mailbox that fills up and gets a larger plan, one
 * that is over its limit of sending, copies of what is sent and of what comes back, and an auto-reply that a manager sets.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DnsServer, startDns } from '../integration/fixtures/dns.ts'
import { panelPassword } from '../integration/fixtures/panel.ts'
import { Client } from '../integration/fixtures/smtp.ts'
import { panelOf, startTimedService, submitterOf, type TimedService } from '../integration/fixtures/timed-service.ts'
import { sessionOver } from '../integration/mail-sign-in.ts'
import { launchBrowser, type Visitor, visit } from './browser.ts'
import { linkIn, subjects } from './mail-client.ts'

const HOUR = 60 * 60_000
const alice = { user: 'alice@example.org', pass: panelPassword }
const bob = { user: 'bob@example.org', pass: panelPassword }
const manager = 'manager@example.net'
const staff = 'staff@example.net'
const ofAlice = `/mailboxes/${encodeURIComponent(alice.user)}`

let dns: DnsServer
let service: TimedService
let browser: Browser
let owner: Visitor
let desk: Visitor
beforeAll(async () => {
  dns = await startDns({})
  service = await startTimedService({
    settings: { FACTEUR_DNS_SERVERS: dns.address },
    async seed(store, add) {
      for (const name of ['example.org', 'example.net']) await store.write('domain.add', { name, at: 1 })
      for (const { user } of [alice, bob]) await add(user, { language: 'en', timeZone: 'Europe/Paris' })
      await add(manager, { role: 'manager', domains: ['example.org'], language: 'en' })
      await add(staff, { role: 'staff', language: 'en' })
    },
  })
  const api = await panelOf(service, staff)
  const plan = { description: '', hourlyLimit: null, currency: 'EUR', isOffered: true }
  for (const [planId, name, storageBytes, monthlyPrice] of [
    ['small', 'Small', 1_000_000, 200],
    ['large', 'Large', 50_000_000, 350],
  ] as const)
    expect((await api.post('/plans', { ...plan, planId, name, storageBytes, monthlyPrice })).status).toBe(201)
  expect((await api.put(`${ofAlice}/plan`, { planId: 'small' })).status).toBe(200)
  expect((await api.patch('/service/settings', { planSelfService: true })).status).toBe(200)
  browser = await launchBrowser()
  owner = await visit(browser, service)
  await owner.signIn(alice.user, panelPassword)
  await owner.page.getByRole('navigation').first().waitFor()
  desk = await visit(browser, service)
  await desk.signIn(staff, panelPassword)
  await desk.page.getByRole('navigation').first().waitFor()
})
afterAll(async () => {
  await owner?.close()
  await desk?.close()
  await browser?.close()
  await service?.stop()
  await dns?.close()
})

async function arrive(octets: number): Promise<string> {
  const client = await Client.greeted(service.ports.smtp)
  const lines = `${'x'.repeat(70)}\r\n`.repeat(Math.floor(octets / 72))
  const answer = await client.deliver(
    { from: 'someone@elsewhere.test', to: [alice.user] },
    `From: someone@elsewhere.test\r\nSubject: Plans\r\n\r\n${lines}`,
  )
  client.destroy()
  return answer
}

async function send(from: string, to: string[], subject: string): Promise<string> {
  const client = await submitterOf(service, from)
  const text = `From: ${from}\r\nTo: ${to[0]}\r\nSubject: ${subject}\r\n\r\nHello.\r\n`
  const answer = await client.deliver({ from, to }, text)
  client.destroy()
  return answer
}
/** Any that lead to Bob. */
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `bob+${n}@example.org`)

it('a mailbox that is nearly full is told so, gets a larger plan by the link in that mail, and the ledger has it', async () => {
  expect(await arrive(960_000)).toMatch(/^250/)
  expect(await arrive(100_000)).toBe('452 4.2.2 Mailbox full')
  // The round that warns of full mailboxes goes by the clock.
  service.time.advance(60_000)
  const link = await linkIn(service, alice, /^\/plan$/)
  const { page } = owner
  await owner.goto(link)
  await owner.expectAccessible()
  await page.getByRole('button', { name: 'Choose – Large' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Choose' }).click()
  await page.getByText('You now have the plan Large.').waitFor()
  await page.getByText('There is no larger plan').waitFor()
  expect(await arrive(100_000)).toMatch(/^250/)

  await desk.goto('/ledger')
  await desk.page.getByRole('searchbox').fill(alice.user)
  const row = desk.page.getByRole('row').filter({ hasText: 'Large' })
  await row.getByText('Changed').waitFor()
  await row.getByText('€3.50').waitFor()
  await desk.expectAccessible()
})

it('a limit of sending: its gauge, the block, a raise and the end of a block', async () => {
  expect((await (await panelOf(service, staff)).patch(ofAlice, { hourlyLimit: 5 })).status).toBe(200)
  const { page } = owner
  await owner.goto('/sending')
  await page.getByText('0 of 5').waitFor()
  expect(await send(alice.user, many(4), 'Offer')).toMatch(/^250/)
  await owner.goto('/sending')
  await page.getByText('4 of 5').waitFor()
  expect(await send(alice.user, many(3), 'Too many')).toMatch(/^554 5\.7\.0 Your message could not be sent\./)
  await owner.goto('/sending')
  await page.getByText('Sending is blocked until').waitFor()
  await owner.expectAccessible()
  expect(await page.getByRole('button', { name: 'Raise the limit' }).count()).toBe(0)

  const { page: console } = desk
  await desk.goto('/dashboard')
  const blocked = console.getByRole('row').filter({ hasText: 'Blocked until' })
  await blocked.getByRole('link', { name: alice.user }).click()
  await console.getByText('Before you unblock it').waitFor()
  await desk.expectAccessible()
  await console.getByRole('button', { name: 'Raise the limit' }).click()
  const dialog = console.getByRole('dialog')
  await dialog.getByLabel('For how many hours').fill('0')
  await dialog.getByRole('button', { name: 'Raise the limit' }).click()
  await dialog.getByText('Give a whole number from 1 to 72.').waitFor()
  await dialog.getByLabel('Recipients an hour').fill('8')
  await dialog.getByLabel('For how many hours').fill('2')
  await desk.expectAccessible()
  await dialog.getByRole('button', { name: 'Raise the limit' }).click()
  await console.getByText('Limit raised.').waitFor()
  expect(await send(alice.user, many(3), 'By the raise')).toMatch(/^250/)

  expect(await send(alice.user, many(2), 'Again too many')).toMatch(/^554 5\.7\.0/)
  service.time.advance(HOUR / 2)
  await desk.goto(`${ofAlice}/access`)
  await console.getByText('A new limit does not end the block.').waitFor()
  await desk.expectAccessible()
  await console.getByRole('link', { name: 'See the block' }).click()
  await console.getByRole('button', { name: 'Back to the usual limit' }).waitFor()
  await console.getByRole('button', { name: 'Unblock' }).click()
  await console.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click()
  await console.getByText('Sending is unblocked.').waitFor()
  await console.getByRole('alert').filter({ hasText: 'Sending is blocked' }).waitFor({ state: 'detached' })
  service.time.advance(HOUR / 2)
  expect(await send(alice.user, many(2), 'Unblocked')).toMatch(/^250/)
  await owner.goto('/sending')
  await page.getByText('2 of 8').waitFor()
  // One copy of each, however many of its addresses lead to him.
  await expect.poll(() => subjects(service, bob)).toEqual(['Offer', 'By the raise', 'Unblocked'])
})

it('what POP3 leaves on the server', async () => {
  const { page } = owner
  await owner.goto('/settings')
  await page.getByRole('switch', { name: 'Remove messages that were retrieved' }).click()
  const days = page.getByLabel('Days after they were retrieved')
  const card = page.locator('form').filter({ has: days })
  await days.fill('0')
  await card.getByRole('button', { name: 'Save' }).click()
  await card.getByText('Give a number from 1 to').waitFor()
  await days.fill('9')
  await owner.expectAccessible()
  await card.getByRole('button', { name: 'Save' }).click()
  await page.getByText('POP setting saved.').waitFor()
  const pop = await sessionOver(service, 'pop3s', alice.user, panelPassword)
  expect(await pop.ask('CAPA', /^EXPIRE/)).toBe('EXPIRE 9')
  pop.end()
})

it('copies of what is sent, and of what comes back', async () => {
  const { page } = owner
  await owner.goto('/sending')
  await page.getByLabel('In blind copy (Bcc)').fill(bob.user)
  await page.getByLabel('File a copy in “Sent”').click()
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByText('Sending settings saved.').waitFor()
  await page.getByLabel('Send the explanation to').fill(bob.user)
  await page.getByRole('button', { name: 'Save' }).last().click()
  await page.getByText('Address saved.').waitFor()
  await owner.expectAccessible()

  expect(await send(alice.user, ['someone@nowhere.test'], 'To nobody')).toMatch(/^250/)
  const own = async () => (await subjects(service, bob)).filter(subject => subject.includes('To nobody'))
  await expect.poll(own).toEqual(['To nobody', 'Not delivered: To nobody'])
  expect(await subjects(service, alice, 'Sent')).toEqual(['To nobody'])
  await expect.poll(() => subjects(service, alice)).toContain('Not delivered: To nobody')
})

it('an auto-reply that the manager of the domain sets for its owner', async () => {
  const visitor = await visit(browser, service)
  const { page } = visitor
  await visitor.signIn(manager, panelPassword)
  await page.getByRole('navigation').first().waitFor()
  await visitor.goto(`${ofAlice}/auto-reply`)
  await page.getByText('Nobody gets a reply.').waitFor()
  await page.getByLabel('Reply automatically').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Write the text of the reply.').first().waitFor()
  await page.getByLabel('Subject', { exact: false }).first().fill('Away until Monday')
  await page.getByRole('textbox', { name: 'Text' }).fill('Alice is away. Write to bob@example.org.')
  await visitor.expectAccessible()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Auto-reply saved.').waitFor()
  await page.getByText('Until you switch it off.').waitFor()
  await visitor.close()

  expect(await send(bob.user, [alice.user], 'Are you there?')).toMatch(/^250/)
  await expect.poll(() => subjects(service, bob)).toContain('Away until Monday')
  await owner.goto('/auto-reply')
  await owner.page.getByText('Until you switch it off.').waitFor()
  expect(await owner.page.getByRole('textbox', { name: 'Text' }).inputValue()).toContain('Alice is away.')
})
