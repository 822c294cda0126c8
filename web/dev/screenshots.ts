/**
 * Pictures of every screen, light and dark, desktop and phone, and what axe finds on each:
 *   node web/dev/screenshots.ts [folder] [part of a screen's name] [--looks desktop-light,phone-dark] [--unchecked] [--english]
 * With --unchecked axe is left out, for a quick look. It builds the application and the gallery of the design system for itself. Exits with 1 when axe, the page's policy or the console complain, or a route has no screen.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { axeViolations } from '../../test/browser/axe.ts'
import { notShown } from './coverage.ts'
import { type Samples, startSampleService } from './sample-service.ts'
import { visitors } from './samples.ts'
import { allScreens, type Screen } from './screens.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    looks: { type: 'string' },
    unchecked: { type: 'boolean', default: false },
    english: { type: 'boolean', default: false },
  },
})
const [folder = '/tmp/facteur-screens', part = ''] = positionals
const wantedLooks = values.looks?.split(',')
const web = path.resolve(import.meta.dirname, '..')
const dist = mkdtempSync(path.join(tmpdir(), 'facteur-web-'))
const looks = [
  { name: 'desktop', viewport: { width: 1360, height: 860 }, hasTouch: false },
  { name: 'phone', viewport: { width: 390, height: 844 }, hasTouch: true },
]

await build({
  configFile: path.join(web, 'vite.config.ts'),
  logLevel: 'error',
  build: {
    outDir: dist,
    rolldownOptions: { input: ['index.html', '_ui/index.html'].map(page => path.join(web, page)) },
  },
})
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
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

const screens = await allScreens()
const complaints: string[] = notShown(screens).map(route => `no screen shows ${route}`)

/** A window of one size, for one screen after the other: each has a service of its own at another port, thus its own storage. */
async function openWindow(look: (typeof looks)[number]) {
  const context = await browser.newContext({
    viewport: look.viewport,
    hasTouch: look.hasTouch,
    locale: values.english ? 'en-GB' : 'fr-FR',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  let label = look.name
  page.on('console', message => {
    // The browser reports each answer of 400 and above; samples give them on purpose.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(`${label}: ${message.text()}`)
  })
  page.on('pageerror', error => complaints.push(`${label}: ${error.stack ?? error.message}`))

  /** The whole page from its top; of a dialog the whole of it, as in a window that is high enough. */
  async function picture(): Promise<void> {
    const missing = await page.evaluate(() => {
      const dialog = document.querySelector('dialog[open]')
      if (!dialog) scrollTo({ top: 0, behavior: 'instant' })
      return dialog ? Math.max(0, dialog.scrollHeight - dialog.clientHeight) : null
    })
    const { width, height } = look.viewport
    if (missing) await page.setViewportSize({ width, height: height + missing + 48 })
    await page.screenshot({ path: path.join(folder, `${label}.png`), fullPage: missing === null })
    if (missing) await page.setViewportSize(look.viewport)
  }

  async function check(): Promise<void> {
    for (const { id, target, summary } of await axeViolations(page, ['best-practice']))
      complaints.push(`${label}: ${id} ${target.join(' ')} ${summary.replace(/\s+/g, ' ')}`)
  }

  return async (screen: Screen, url: string): Promise<void> => {
    const schemes = (['light', 'dark'] as const).filter(scheme =>
      [screen.looks, wantedLooks].every(wanted => wanted?.includes(`${look.name}-${scheme}`) ?? true),
    )
    label = `${screen.name}-${look.name}`
    try {
      for (const [i, colorScheme] of schemes.entries()) {
        await page.emulateMedia({ colorScheme })
        if (i === 0) {
          await page.goto(url + screen.path)
          await page.waitForFunction(() => document.querySelector('h1, [role=alert]') !== null)
          await screen.prepare?.(page)
        }
        label = `${screen.name}-${look.name}-${colorScheme}`
        await page.waitForTimeout(150)
        await picture()
        if (!values.unchecked) await check()
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (schemes.length > 0 && overflow > 0) complaints.push(`${label}: ${overflow} px wider than the window`)
    } catch (error) {
      complaints.push(`${label}: ${error}`)
    }
  }
}

/** Accounts of the samples speak French. */
function spoken(samples: Samples): Samples {
  const session = samples['GET /session']
  if (!values.english || session === undefined || typeof session === 'function') return samples
  const body = JSON.parse(JSON.stringify(session.body ?? {}).replace('"language":"fr"', '"language":"en"'))
  return { ...samples, 'GET /session': { ...session, body } }
}

const waiting = screens.filter(({ name }) => name.includes(part))
async function photograph(): Promise<void> {
  const windows = await Promise.all(looks.map(openWindow))
  for (let screen = waiting.shift(); screen; screen = waiting.shift()) {
    const { visitor, samples } = screen
    const service = await startSampleService(dist, () => spoken({ ...visitors[visitor], ...samples }))
    for (const show of windows) await show(screen, service.url)
    await service.close()
  }
}
await Promise.all([photograph(), photograph()])
await browser.close()
rmSync(dist, { recursive: true })
for (const complaint of new Set(complaints)) console.log(complaint)
console.log(`${folder}: ${complaints.length} complaints`)
process.exitCode = complaints.length > 0 ? 1 : 0
