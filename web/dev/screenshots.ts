/**
 * Pictures of every screen, light and dark, desktop and phone, and what axe finds on each:
 *   node web/dev/screenshots.ts [folder] [part of a screen's name]
 * It builds the application and the gallery of the design system for itself. Exits with 1 when axe, the page's policy or the console complain.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { startSampleService } from './sample-service.ts'
import { visitors } from './samples.ts'
import { allScreens, type Screen } from './screens.ts'

const [folder = '/tmp/facteur-screens', part = ''] = process.argv.slice(2)
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
let current: Screen | undefined
const service = await startSampleService(dist, () => ({
  ...visitors[current?.visitor ?? 'nobody'],
  ...current?.samples,
}))
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

const complaints: string[] = []
for (const screen of (await allScreens()).filter(({ name }) => name.includes(part))) {
  current = screen
  for (const look of looks)
    for (const colorScheme of ['light', 'dark'] as const) {
      const label = `${screen.name}-${look.name}-${colorScheme}`
      const context = await browser.newContext({
        viewport: look.viewport,
        hasTouch: look.hasTouch,
        colorScheme,
        locale: 'fr-FR',
        reducedMotion: 'reduce',
        bypassCSP: false,
      })
      const page = await context.newPage()
      page.setDefaultTimeout(10_000)
      page.on('console', message => {
        // The browser reports each answer of 400 and above; samples give them on purpose.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(`${label}: ${message.text()}`)
      })
      page.on('pageerror', error => complaints.push(`${label}: ${error.stack ?? error.message}`))
      try {
        await page.goto(service.url + screen.path)
        await page.waitForFunction(() => document.querySelector('h1, [role=alert]') !== null)
        await screen.prepare?.(page)
        await page.waitForTimeout(150)
        await page.screenshot({ path: path.join(folder, `${label}.png`), fullPage: true })
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze()
        for (const { id, nodes } of violations)
          for (const { target, failureSummary } of nodes)
            complaints.push(`${label}: ${id} ${target.join(' ')} ${failureSummary?.replace(/\s+/g, ' ')}`)
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (overflow > 0) complaints.push(`${label}: ${overflow} px wider than the window`)
      } catch (error) {
        complaints.push(`${label}: ${error}`)
      }
      await context.close()
    }
}
await browser.close()
await service.close()
rmSync(dist, { recursive: true })
for (const complaint of new Set(complaints)) console.log(complaint)
console.log(`${folder}: ${complaints.length} complaints`)
process.exitCode = complaints.length > 0 ? 1 : 0
