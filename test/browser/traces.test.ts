/** What became of messages, in the panel: an owner asks, a manager sees his domains, staff act on what waits and look on live, a link is opened by anyone. */
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DnsServer, startDns } from '../integration/fixtures/dns.ts'
import { type Person, panelPassword, people, startPanelService } from '../integration/fixtures/panel.ts'
import { type RemoteServer, startRemote } from '../integration/fixtures/remote-smtp.ts'
import { Client, plainAuth } from '../integration/fixtures/smtp.ts'
import type { Service } from '../integration/service.ts'
import { launchBrowser, type Visitor, type VisitorOptions, visit } from './browser.ts'

let dns: DnsServer
let remote: RemoteServer
let service: Service
let browser: Browser
beforeAll(async () => {
  dns = await startDns({ 'there.test': { MX: [[10, 'mx.there.test']] }, 'mx.there.test': { A: ['127.0.0.1'] } })
  remote = await startRemote({
    answer: line =>
      /^RCPT TO:<no/i.test(line)
        ? '550 5.1.1 No such user here'
        : /^RCPT TO:<later/i.test(line)
          ? '451 4.7.1 Greylisted, try again later'
          : null,
  })
  service = await startPanelService({
    FACTEUR_DNS_SERVERS: dns.address,
    FACTEUR_QUEUE_PORT: String(remote.port),
    FACTEUR_HOSTNAME: 'mail.example.org',
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await remote?.close()
  await dns?.close()
})

async function submit(subject: string, to: string): Promise<void> {
  const client = await Client.greeted(service.ports.submissions, { tls: true })
  await client.ask(`AUTH PLAIN ${plainAuth(people.owner, panelPassword)}`)
  const text = `From: ${people.owner}\r\nMessage-ID: <${subject}@example.org>\r\nSubject: ${subject}\r\n\r\nhello\r\n`
  expect(await client.deliver({ from: people.owner, to: [to] }, text)).toMatch(/^250 /)
  client.destroy()
}

async function signedIn(person: Person, options: VisitorOptions = {}): Promise<Visitor> {
  const visitor = await visit(browser, service, options)
  await visitor.signIn(people[person], panelPassword)
  await visitor.page.locator('input[type=password]').waitFor({ state: 'detached' })
  return visitor
}

const timeNow = (): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Paris' }).format(Date.now())
const top = async (page: Page, heading: string): Promise<number> =>
  (await page.getByRole('heading', { name: heading, exact: true }).boundingBox())!.y

/** Until the attempt is known, the page is loaded again. */
async function opened(visitor: Visitor, path: string, text: RegExp): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    await visitor.goto(path)
    const row = visitor.page.getByRole('row').filter({ hasText: text })
    if (
      (await row
        .first()
        .waitFor({ timeout: 1_000 })
        .then(
          () => true,
          () => false,
        )) === false
    )
      continue
    await row.first().getByRole('link').first().click()
    await visitor.page.getByRole('heading', { name: 'What became of the message' }).waitFor()
    return
  }
  throw new Error(`nothing like ${text} on ${path}`)
}

describe('an owner', () => {
  it('asks what became of what he sent, and reads the plain answer before the steps', async () => {
    await submit('quote', 'nobody@there.test')
    const owner = await signedIn('owner')
    const { page } = owner
    await opened(owner, '/mailbox/traces', /Refused by mx\.there\.test/)
    await owner.goto('/mailbox/traces')
    await page.getByLabel('My message').selectOption({ label: 'I sent a message to' })
    await page.getByLabel('Address or domain').fill('nobody@there.test')
    await page.getByLabel('Around').fill(timeNow())
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('row').filter({ hasText: 'quote' }).getByRole('link').first().click()
    await page.getByText('Refused by mx.there.test on').first().waitFor()
    await page.getByText('The address nobody@there.test does not exist.').waitFor()
    await page.getByText('550 5.1.1 No such user here').first().waitFor()
    expect(await top(page, 'What became of the message')).toBeLessThan(await top(page, 'Steps'))
    await page.getByText('Put into the queue').waitFor()
    await owner.expectAccessible()
    // The way up leads to what was found.
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click()
    await page.getByRole('row').filter({ hasText: 'quote' }).waitFor()
    expect(await page.getByLabel('Address or domain').inputValue()).toBe('nobody@there.test')

    // The same, as somebody who received it never would: what he expects and nobody sent.
    await owner.goto('/mailbox/traces?way=received&other=nobody%40there.test')
    await page.getByText('No message found').waitFor()
    await owner.goto('/mailbox/traces?status=refused')
    await page.getByRole('row').filter({ hasText: 'quote' }).waitFor()
    await owner.close()
  })

  it('reads it in French on a phone, and hands a link to whoever helps, who needs no account', async () => {
    const owner = await signedIn('owner', { locale: 'fr-FR', phone: true })
    const { page } = owner
    await owner.goto('/mailbox/traces?way=sent&other=there.test')
    await page.getByText('Refusé par mx.there.test').first().waitFor()
    await page
      .getByRole('link')
      .filter({ hasText: /Refusé|nobody/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Ce que le message est devenu' }).waitFor()
    await page.getByText('quote', { exact: true }).waitFor()
    await owner.expectAccessible()
    await page.getByRole('button', { name: 'Lien pour l’assistance' }).click()
    const link = await owner.copyable('Lien')
    await owner.close()

    const anyone = await visit(browser, service)
    await anyone.goto(link.replace(/^https:\/\/[^/]+/, ''))
    await anyone.page.getByText('Refused by mx.there.test on').first().waitFor()
    expect(await anyone.page.getByText('quote', { exact: true }).count()).toBe(0)
    await anyone.expectAccessible()
    await anyone.close()
  })

  it('is led from a bounce to its message, by signing in', async () => {
    const client = await signedIn('owner')
    await client.goto('/mailbox/traces?status=refused')
    const { page } = client
    await page.getByRole('row').filter({ hasText: 'quote' }).getByRole('link').first().click()
    await page.getByRole('heading', { name: 'What became of the message' }).waitFor()
    const id = /[0-9a-z]{16}-\d+/.exec(await page.locator('main').innerText())![0]
    await client.close()
    const reader = await visit(browser, service)
    await reader.page.goto(`https://localhost:${service.ports.https}/mailbox/traces/${id}`)
    await reader.page.getByLabel('Full email address').fill(people.owner)
    await reader.page.getByLabel('Password', { exact: true }).fill(panelPassword)
    await reader.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await reader.page.getByText('Refused by mx.there.test on').first().waitFor()
    expect(reader.page.url()).toMatch(/\/mailbox\/traces\/\d+$/)
    await reader.close()
  })
})

it('a manager finds messages of his domains, without their subject, and no others', async () => {
  const manager = await signedIn('manager')
  await opened(manager, '/traces?recipient=there.test', /Refused by mx\.there\.test/)
  expect(await manager.page.getByText('quote', { exact: true }).count()).toBe(0)
  await manager.expectAccessible()
  await manager.close()
  const other = await signedIn('otherManager')
  await other.goto('/traces?recipient=there.test')
  await other.page.getByText('No message found').waitFor()
  await other.close()
})

describe('staff', () => {
  it('hold, put back, read, try again and take out what waits', async () => {
    await submit('waiting', 'later@there.test')
    const staff = await signedIn('staff')
    const { page } = staff
    await opened(staff, '/traces?status=waiting', /later@there\.test/)
    const act = async (action: string, state: string): Promise<void> => {
      await page.getByRole('button', { name: action }).click()
      await page.getByRole('dialog').getByRole('button', { name: action }).click()
      await page.getByRole('row').filter({ hasText: 'later@there.test' }).filter({ hasText: state }).waitFor()
    }
    await act('Hold', 'Held')
    await page
      .getByText(/Held by the staff/)
      .first()
      .waitFor()
    await staff.expectAccessible()
    await act('Put back into the queue', 'Waiting')
    await act('Try now', 'Waiting')

    await page.getByRole('button', { name: 'Message source' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('dialog').getByRole('button', { name: 'Save the source' }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^[0-9a-z]{16}-\d+\.eml$/)
    expect(await readFile(await file.path(), 'latin1')).toContain('\r\nSubject: waiting\r\n')

    await act('Take out of the queue', 'Dropped')
    await page.getByText('Taken out of the queue by staff').waitFor()
    await staff.goto('/traces?status=waiting')
    await page.getByText('No message found').waitFor()
    await staff.close()
  })

  it('look on as messages come and go: by a stream, or by asking where none comes through', async () => {
    const staff = await signedIn('staff')
    const { page } = staff
    const asked: string[] = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    const polls = () => asked.filter(path => path === '/api/v1/traces/live').length
    await staff.goto('/traces/live')
    await page.getByText('Waiting for messages').waitFor()
    await submit('streamed', 'yes@there.test')
    await page.getByRole('row').filter({ hasText: 'yes@there.test' }).filter({ hasText: 'Delivered' }).waitFor()
    expect(asked).toContain('/api/v1/traces/live/stream')
    expect(polls()).toBe(0)
    await staff.expectAccessible()

    await page.route('**/api/v1/traces/live/stream*', route => route.fulfill({ status: 502, body: 'Bad gateway' }))
    await staff.goto('/traces/live')
    await page.getByText('Waiting for messages').waitFor()
    await submit('polled', 'yes2@there.test')
    await page.getByRole('row').filter({ hasText: 'yes2@there.test' }).filter({ hasText: 'Delivered' }).waitFor()
    expect(polls()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused').waitFor()
    // Said by the proxy that the test plays.
    staff.complaints.splice(0)
    await staff.close()
  })
})
