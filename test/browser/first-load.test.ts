/** What a first visit costs, as the browser counts it: how much is fetched, that it is compressed, kept, and from nowhere else. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { launchBrowser, visit } from './browser.ts'

const password = 'correct horse 1'
let service: Service
let browser: Browser
beforeAll(async () => {
  service = await startService()
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', 'alice@example.org', '--password-stdin'], { stdin: password })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

interface Fetched {
  path: string
  encoding: string | undefined
  cache: string | undefined
  vary: string | undefined
}

it('is small, compressed, and fetched once', async () => {
  const visitor = await visit(browser, service)
  const { page } = visitor
  let fetched: Fetched[] = []
  page.on('response', response => {
    const { pathname } = new URL(response.url())
    const headers = response.headers()
    const { 'content-encoding': encoding, 'cache-control': cache, vary } = headers
    if (!pathname.startsWith('/api/')) fetched.push({ path: pathname, encoding, cache, vary })
  })
  /** Of everything since the page was opened: how many bytes came over the wire, heads and the API's answers with them. */
  const bytes = async (): Promise<number> =>
    page.evaluate<number>(
      `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, { transferSize }) => sum + transferSize, 0)`,
    )
  await visitor.goto('/')
  const signIn = { requests: fetched.length, bytes: await bytes() }
  const assets = fetched.filter(({ path }) => path.startsWith('/assets/'))
  expect(assets.length).toBeGreaterThan(3)
  for (const { path, cache, vary } of assets) {
    expect(cache, path).toBe('public, max-age=31536000, immutable')
    expect(vary?.toLowerCase(), path).toContain('accept-encoding')
  }
  expect(assets.filter(({ encoding }) => encoding === 'br').length).toBeGreaterThan(assets.length / 2)
  expect(fetched.find(({ path }) => path === '/')).toMatchObject({ encoding: 'br', cache: 'no-cache' })
  expect(signIn.bytes).toBeLessThan(70_000)
  expect(signIn.requests).toBeLessThan(40)

  await visitor.signIn('alice@example.org', password)
  await page.getByRole('heading', { level: 1, name: 'Hello' }).waitFor()
  expect(await bytes()).toBeLessThan(220_000)

  // Again: the page is asked for anew, and nothing whose name holds its hash.
  fetched = []
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Hello' }).waitFor()
  const again = await page.evaluate<number>(
    `performance.getEntriesByType('resource').filter(({ name, transferSize }) => name.includes('/assets/') && transferSize > 0).length`,
  )
  expect(again).toBe(0)
  await visitor.close()
})
