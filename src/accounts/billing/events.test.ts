/** docs/operate/webhooks.md against what is declared, and what is declared against what is sent. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { DAY_MS } from '../../ops/durations.ts'
import { webhookEventNames } from './events.ts'
import { WEBHOOK_LOG_KEPT_MS, WEBHOOK_LONGEST_RETRY_MS, WEBHOOK_RETRIED_MS, WEBHOOK_TIMEOUT_MS } from './limits.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const page = readFileSync(path.join(root, 'docs/operate/webhooks.md'), 'utf8')
const table = /\n## Events\n([\s\S]*?)\n## /.exec(page)?.[1] ?? ''
const rows = table
  .split('\n')
  .filter(line => line.startsWith('| `') && !line.startsWith('| `type`'))
  .map(line => {
    const [, names = '', when = ''] = line.split('|')
    return { names: [...names.matchAll(/`([\w.]+)`/g)].map(match => match[1] ?? ''), when }
  })

it('documents every event, once, and none besides', () => {
  const documented = rows.flatMap(({ names }) => names)
  expect(documented.toSorted()).toEqual([...webhookEventNames, 'webhook.test'].toSorted())
})

it('sends what it documents, and calls reserved what it does not', () => {
  const sources = globSync('src/**/*.ts', { cwd: root })
    .filter(file => !file.endsWith('.test.ts') && !file.endsWith('billing/events.ts'))
    .map(file => readFileSync(path.join(root, file), 'utf8'))
    .join('\n')
  for (const { names, when } of rows)
    for (const name of names) expect([name, sources.includes(`'${name}'`)]).toEqual([name, !when.includes('reserved')])
})

it('documents its times as they are', () => {
  expect(page).toContain(`within ${WEBHOOK_TIMEOUT_MS / 1_000} seconds`)
  expect(page).toContain(
    `at most ${WEBHOOK_LONGEST_RETRY_MS / 3_600_000} hours, for ${WEBHOOK_RETRIED_MS / DAY_MS} days`,
  )
  expect(page).toContain(`can be read for ${WEBHOOK_LOG_KEPT_MS / DAY_MS} days`)
})
