/**
 * Statements of months that are over, over the API, to the cent. The ledger is written as the services write it, by a clock
 * that stands at each change; amounts are worked out by hand.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../../src/accounts/actor.ts'
import { Ledger } from '../../src/accounts/billing/ledger.ts'
import type { ReadsSettings } from '../../src/accounts/service-settings/service-settings.ts'
import type { Store } from '../../src/store/store.ts'
import type { PlanTerms } from '../../src/store/types/billing.ts'
import type { PrincipalId } from '../../src/store/types/principals.ts'
import type { ApiClient } from './api-client.ts'
import { type PanelIds, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

const GB = 1024 ** 3
const settings = { current: async () => ({ timeZone: 'Europe/Paris' }) } as unknown as ReadsSettings

const terms = (planId: string, monthlyPrice: number, currency = 'EUR'): PlanTerms => ({
  planId,
  planName: `${planId}, yearly`,
  storageBytes: GB,
  hourlyLimit: null,
  monthlyPrice,
  currency,
})

/** At an instant: a mailbox is made, gets other terms, or is removed. */
type Step = readonly [at: string, address: string, what: PlanTerms | 'removed']
const steps: readonly Step[] = [
  ['2024-01-20T12:00Z', 'anna@example.org', terms('basic', 999)],
  ['2024-02-01T08:00Z', 'carol@example.org', terms('basic', 300)],
  // Twice in one day: the last holds for all of it.
  ['2024-02-05T08:00Z', 'carol@example.org', terms('large', 3000)],
  ['2024-02-05T16:00Z', 'carol@example.org', terms('middle', 600)],
  ['2024-02-10T12:00Z', 'bert@example.org', terms('small', 500)],
  ['2024-02-15T12:00Z', 'anna@example.org', terms('more', 1999)],
  ['2024-02-20T12:00Z', 'bert@example.org', 'removed'],
  ['2024-02-27T12:00Z', 'dan@example.org', terms('dollar', 1000, 'USD')],
  ['2025-03-16T23:00Z', 'yuki@example.com', terms('yen', 500, 'JPY')],
  // The night before clocks go forward: 30 March by the calendar of Paris, at 0:30 of winter time.
  ['2025-03-29T23:30Z', 'frank@example.org', terms('spring', 3100)],
  // The night after: 31 March at 0:30 of summer time.
  ['2025-03-30T22:30Z', 'erin@example.org', terms('spring', 3100)],
]

/** Of domains that were added on the 20th of May and the 10th of July: sold under their names before, and after. */
const stepsOfNames: readonly Step[] = [
  ['2025-05-05T12:00Z', 'ann@passed.example', terms('former', 3100)],
  ['2025-05-10T12:00Z', 'ann@passed.example', 'removed'],
  ['2025-05-22T12:00Z', 'bea@passed.example', terms('present', 3100)],
  ['2025-06-21T12:00Z', 'bea@passed.example', 'removed'],
  ['2025-06-29T12:00Z', 'cleo@again.example', terms('before', 3000)],
  ['2025-07-03T12:00Z', 'cleo@again.example', 'removed'],
]

let service: Service
let staff: ApiClient
let manager: ApiClient
let otherManager: ApiClient
beforeAll(async () => {
  service = await startPanelService({}, async (store, ids) => {
    await sell(store, steps)
    await addDomains(store, ids)
    await sell(store, stepsOfNames)
  })
  staff = await signedIn(service, 'staff')
  manager = await signedIn(service, 'manager')
  otherManager = await signedIn(service, 'otherManager')
})
afterAll(() => service?.stop())

/** The one passed from `manager` to `otherManager`, the other was his before it was added again. */
async function addDomains(store: Store, ids: PanelIds): Promise<void> {
  await store.write('domain.add', { name: 'passed.example', at: Date.parse('2025-05-20T12:00Z') })
  await store.write('domain.add', { name: 'again.example', at: Date.parse('2025-07-10T12:00Z') })
  const manage = (principalId: PrincipalId, ...domains: string[]) =>
    store.write('principal.setDomains', { principalId, domains })
  await manage(ids.manager, 'example.org', 'passed.example')
  await store.write('ledger.noteManagers', { month: '2025-05' })
  await manage(ids.manager, 'example.org')
  await manage(ids.otherManager, 'example.com', 'passed.example', 'again.example')
  for (const month of ['2025-05', '2025-06', '2025-07']) await store.write('ledger.noteManagers', { month })
}

async function sell(store: Store, sold: readonly Step[]): Promise<void> {
  const made = new Set<string>()
  for (const [instant, address, what] of sold) {
    const at = Date.parse(instant.replace('Z', ':00Z'))
    const ledger = new Ledger({ store, settings, clock: { now: () => at } })
    if (what === 'removed') {
      const { operation, args } = await ledger.removed(commandLine, address)
      await store.write(operation, args as never)
      continue
    }
    const isNew = !made.has(address)
    made.add(address)
    if (isNew) await store.write('account.add', { address, passwordHash: null, quotaBytes: null, mailboxes: [], at })
    const kind = isNew ? 'created' : 'changed'
    await store.write('plan.assign', { ...(await ledger.made(commandLine)), address, terms: what, kind })
  }
}

interface Line {
  address: string
  planId: string
  from: string
  until: string
  days: number
  amount: number
}

async function linesOf(month: string, domain = 'example.org'): Promise<unknown[]> {
  const { json, status } = await staff.get(`/statements/${month}/domains/${domain}`)
  expect([status, json.isFinal]).toEqual([200, true])
  return json.lines.map(({ address, planId, from, until, days, amount }: Line) => [
    address.split('@')[0],
    planId,
    from.slice(8),
    until.slice(8),
    days,
    amount,
  ])
}

describe('a statement of', () => {
  it('February of a leap year: changed in mid-month, twice in a day, made, removed, in two currencies', async () => {
    expect(await linesOf('2024-02')).toEqual([
      // 999 × 14/29 = 482.28; both together (999 × 14 + 1999 × 15)/29 = 1516.24
      ['anna', 'basic', '01', '14', 14, 482],
      ['anna', 'more', '15', '29', 15, 1034],
      // 500 × 10/29 = 172.41
      ['bert', 'small', '10', '19', 10, 172],
      // 300 × 4/29 = 41.38; both together (300 × 4 + 600 × 25)/29 = 558.62
      ['carol', 'basic', '01', '04', 4, 41],
      ['carol', 'middle', '05', '29', 25, 518],
      // 1000 × 3/29 = 103.45
      ['dan', 'dollar', '27', '29', 3, 103],
    ])
    const { domains, totals, daysInMonth, isFinal } = (await staff.get('/statements/2024-02')).json
    expect([daysInMonth, isFinal]).toEqual([29, true])
    const expected = [
      { currency: 'EUR', amount: 2247 },
      { currency: 'USD', amount: 103 },
    ]
    expect(totals).toEqual(expected)
    expect(domains).toEqual([{ domain: 'example.org', mailboxes: 4, totals: expected }])
  })

  it('the month before and the years after, by the days of each', async () => {
    // 999 × 12/31 = 386.71
    expect(await linesOf('2024-01')).toEqual([['anna', 'basic', '20', '31', 12, 387]])
    expect(await linesOf('2025-02')).toEqual([
      ['anna', 'more', '01', '28', 28, 1999],
      ['carol', 'middle', '01', '28', 28, 600],
      ['dan', 'dollar', '01', '28', 28, 1000],
    ])
    expect((await staff.get('/statements/2023-12')).json).toMatchObject({ domains: [], totals: [] })
  })

  it('the month in which clocks go forward: days are those of the service’s calendar', async () => {
    expect(await linesOf('2025-03')).toEqual([
      ['anna', 'more', '01', '31', 31, 1999],
      ['carol', 'middle', '01', '31', 31, 600],
      ['dan', 'dollar', '01', '31', 31, 1000],
      ['erin', 'spring', '31', '31', 1, 100],
      ['frank', 'spring', '30', '31', 2, 200],
    ])
    // 500 × 15/31 = 241.94
    expect(await linesOf('2025-03', 'example.com')).toEqual([['yuki', 'yen', '17', '31', 15, 242]])
    const { totals } = (await staff.get('/statements/2025-03')).json
    expect(totals).toEqual([
      { currency: 'EUR', amount: 2899 },
      { currency: 'JPY', amount: 242 },
      { currency: 'USD', amount: 1000 },
    ])
  })
})

describe('a name that was somebody else’s before', () => {
  const addresses = async (client: ApiClient, month: string, domain: string): Promise<unknown[]> =>
    (await client.get(`/statements/${month}/domains/${domain}`)).json.lines.map(({ address }: Line) => address)

  it('costs who has it now what was sold since it was added', async () => {
    expect(await addresses(otherManager, '2025-05', 'passed.example')).toEqual(['bea@passed.example'])
    expect(await addresses(otherManager, '2025-06', 'passed.example')).toEqual(['bea@passed.example'])
    const exported = await otherManager.get('/statements/2025-05/csv?language=en')
    expect(exported.text).not.toContain('ann@passed.example')
    // 3100 × 10/31; what staff bill him is the same.
    for (const { json } of [
      await otherManager.get('/statements/2025-05'),
      await staff.get('/statements/2025-05?manager=other-manager@example.net'),
    ])
      expect(json.domains).toContainEqual({
        domain: 'passed.example',
        mailboxes: 1,
        totals: [{ currency: 'EUR', amount: 1000 }],
      })
  })

  it('costs who had it what was sold in his months, and all of it shows to staff', async () => {
    for (const client of [manager, staff])
      expect(await addresses(client, '2025-05', 'passed.example')).toContain('ann@passed.example')
  })

  it('shows whom it was before, too, the months that ended before it was added again', async () => {
    expect(await addresses(otherManager, '2025-06', 'again.example')).toEqual(['cleo@again.example'])
    expect(await addresses(otherManager, '2025-07', 'again.example')).toEqual([])
  })
})

/** Fields of RFC 4180. */
function parseCsv(text: string, separator: string): string[][] {
  return text
    .replace(/^\ufeff/, '')
    .split('\r\n')
    .filter(line => line !== '')
    .map(line => {
      const fields: string[] = []
      const pattern = new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^"${separator}]*))`, 'g')
      for (const [, quoted, plain] of line.matchAll(pattern)) fields.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
      return fields
    })
}

const digits: Record<string, number> = { EUR: 2, USD: 2, JPY: 0 }
const decimal = (amount: number, currency: string, comma: boolean): string => {
  const text = (amount / 10 ** (digits[currency] ?? 2)).toFixed(digits[currency])
  return comma ? text.replace('.', ',') : text
}

describe.each([
  ['fr', ';', true],
  ['en', ',', false],
] as const)('the export in %s', (language, separator, comma) => {
  it.each(['2024-01', '2024-02', '2025-02', '2025-03'])('of %s says the same as JSON', async month => {
    const csv = await staff.get(`/statements/${month}/csv?language=${language}`)
    const exported = JSON.parse((await staff.get(`/statements/${month}/json`)).text)
    const [header, ...rows] = parseCsv(csv.text, separator)
    expect(header).toHaveLength(12)
    const expected: string[][] = []
    for (const { domain, daysInMonth, lines } of exported.domains)
      for (const { address, planName, storageBytes, monthlyPrice, currency, from, until, days, amount } of lines)
        expected.push([
          month,
          domain,
          address,
          planName,
          (storageBytes / GB).toFixed(2).replace('.', comma ? ',' : '.'),
          decimal(monthlyPrice, currency, comma),
          from,
          until,
          String(days),
          String(daysInMonth),
          decimal(amount, currency, comma),
          currency,
        ])
    expect(rows).toEqual(expected)
    expect(rows.length).toBeGreaterThan(0)
    // And the export holds what the pages show.
    for (const { domain, lines, totals } of exported.domains) {
      const page = (await staff.get(`/statements/${month}/domains/${domain}`)).json
      expect([lines, totals]).toEqual([page.lines, page.totals])
    }
  })
})
