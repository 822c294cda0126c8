import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, type ConfigSources, loadConfig } from './config.ts'
import { linesOfKeys, readConfigText } from './config-file.ts'
import {
  dnsServers,
  endpoints,
  parseDuration,
  parseSize,
  showDuration,
  shownLocation,
  showSize,
} from './config-kinds.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const load = (sources: Partial<ConfigSources> & { toml?: string } = {}) => {
  const { toml, ...rest } = sources
  if (toml !== undefined) writeFileSync(path.join(folder, 'facteur.toml'), toml)
  return loadConfig({ folder, environment: {}, file: null, flags: {}, otherVariables: new Set(), ...rest })
}

function problemsOf(sources: Partial<ConfigSources> & { toml?: string }): string[] {
  try {
    load(sources)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('settings', () => {
  it('have defaults, with the data folder beside the start', () => {
    const { config, file } = load()
    expect(file).toBeNull()
    expect(config.data).toBe(path.join(folder, 'data'))
    expect(config.messageSizeLimit).toBe(20_971_520)
    expect(config.listenSmtp).toEqual([{ address: null, port: 25 }])
    expect(config.queueRetryFirst).toBe(300_000)
  })

  it('come from flag, environment, file and default, in this order', () => {
    const toml = 'data = "from-file"\nhostname = "file.test"\n\n[log]\nlevel = "debug"\n'
    const { config, describe: print } = load({
      toml,
      environment: { FACTEUR_DATA: '/from/environment', FACTEUR_HOSTNAME: 'environment.test', PATH: '/bin' },
      flags: { data: '/from/flag' },
    })
    expect(config).toMatchObject({ data: '/from/flag', hostname: 'environment.test', logLevel: 'debug' })
    const origins = Object.fromEntries(print().map(({ key, origin }) => [key, origin]))
    expect(origins).toMatchObject({
      data: { from: 'flag', flag: '--data' },
      hostname: { from: 'environment', variable: 'FACTEUR_HOSTNAME' },
      'log.level': { from: 'file', line: 5 },
      'log.format': { from: 'default' },
    })
  })

  it('start relative paths from the folder of their file, else from the folder of the start', () => {
    const other = path.join(folder, 'etc.toml')
    writeFileSync(other, '[tls]\ncertificate = "cert.pem"\nkey = "/abs/key.pem"\n')
    const { config } = load({ folder: tmpdir(), file: other, environment: { FACTEUR_DATA: 'here' } })
    expect(config.tlsCertificate).toBe(path.join(folder, 'cert.pem'))
    expect(config.tlsKey).toBe('/abs/key.pem')
    expect(config.data).toBe(path.join(tmpdir(), 'here'))
  })

  it('name a database by its address, and never print its password', () => {
    const url = 'postgres://facteur:s3cr%40t@db.example.org:5432/mail?sslmode=require&sslpassword=hidden'
    const { config, describe: print } = load({ environment: { FACTEUR_STORE: url } })
    expect(config.store).toBe(url)
    const shown = print().find(({ key }) => key === 'store')?.value
    expect(shown).toBe('"postgres://facteur:***@db.example.org:5432/mail?sslmode=require&sslpassword=***"')
    const wrong = 'postgres://facteur:s3cr%40t@db.example.org'
    expect(problemsOf({ environment: { FACTEUR_STORE: wrong } })).toEqual([
      expect.stringContaining('store is "postgres://***"; expected an address such as postgres'),
    ])
    for (const socket of ['postgres:///mail?host=/run/postgresql', 'postgresql://db/mail'])
      expect(load({ environment: { FACTEUR_STORE: socket } }).config.store).toBe(socket)
    expect(load().config.store).toBeNull()
  })

  it.each([
    ['postgres://u:hun@ter2@h/db', 'postgres://u:***@h/db'],
    ['postgres://u@x:hunter2@h/db', 'postgres://u@x:***@h/db'],
    ['postgres://u:hun ter2@h/db?application_name=a@b', 'postgres://u:***@h/db?application_name=a@b'],
    ['postgres://u:12/ter2@h/db', 'postgres://u:***@h/db'],
    ['postgres://h/db?user=u&password=hun ter2', 'postgres://h/db?user=u&password=***'],
    ['postgres://h/db?user=u&password=hun&ter2', 'postgres://h/db?user=u&password=***'],
    ['postgres://h/db?sslpassword=hun#ter2&password=x', 'postgres://h/db?sslpassword=***'],
    ['s3://b?endpoint=https://k:hun@ter2@h', 's3://b?endpoint=https://k:***@h'],
  ])('are shown without a password whose signs nobody encoded: %s', (url, shown) => {
    expect(shownLocation(url)).toBe(shown)
  })

  it('print themselves as TOML that means the same again', () => {
    const toml =
      'message-size-limit = "512KiB"\n[listen]\nsmtp = ["192.0.2.1:25", 26, "[::1]:27"]\nhttp = "off"\n[queue]\nretry-first = "1m30s"\n'
    const first = load({ toml })
    const printed = first.describe().map(({ key, value }) => `${key} = ${value}`)
    expect(load({ toml: printed.join('\n') }).config).toEqual(first.config)
  })
})

describe('wrong settings', () => {
  it('are all named at once, each with its line or variable and what was expected', () => {
    const toml = '# comment\nmessage-size-limit = "20XB"\n\n[listen]\nsmtp = 70000\nsubmision = 143\n'
    expect(problemsOf({ toml, environment: { FACTEUR_LOG_LEVEL: 'loud', FACTEUR_LOG_LEVVEL: 'info' } })).toEqual([
      'facteur.toml line 6: unknown setting listen.submision; did you mean listen.submission?',
      'environment variable FACTEUR_LOG_LEVVEL: no such setting; did you mean FACTEUR_LOG_LEVEL?',
      'facteur.toml line 2: message-size-limit is "20XB"; expected a size such as 20MB, from 64kB to 150MB',
      'facteur.toml line 5: listen.smtp is 70000; expected a port such as 25, "192.0.2.1:25" or "[2001:db8::1]:25", an array of these, or "off"',
      'environment variable FACTEUR_LOG_LEVEL: log.level is "loud"; expected one of "debug", "info", "warn", "error"',
    ])
  })

  it.each([
    ['not TOML at all', 'hostname = "a.test"\nthis is not\n', /^facteur\.toml line 2: .*; expected TOML$/],
    ['a table where a value belongs', '[hostname]\nname = "a.test"\n', /line 2: unknown setting hostname\.name/],
    ['an array of tables', '[[listen]]\nsmtp = 25\n', /line 1: unknown setting listen/],
    ['an address for a host name', 'hostname = "192.0.2.1"\n', /hostname is "192\.0\.2\.1"; expected a host name/],
    ['a duration without a unit', '[queue]\nlifetime = 5\n', /queue\.lifetime is 5; expected a duration/],
    [
      'a certificate without its key',
      '[tls]\ncertificate = "c.pem"\n',
      /line 2: tls\.certificate is set without tls\.key/,
    ],
    ['a key without its certificate', '[tls]\nkey = "k.pem"\n', /line 2: tls\.key is set without tls\.certificate/],
    [
      'a longest retry below the first',
      '[queue]\nretry-first = "1h"\nretry-longest = "5m"\n',
      /line 3: queue\.retry-longest/,
    ],
  ])('stop the start: %s', (_, toml, expected) => {
    const problems = problemsOf({ toml })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(expected)
  })

  it('show no secret', () => {
    const toml = '[s3]\nsecret-access-key = ["hunter2"]\n'
    const wrong = [
      'u:hunter2@h/db',
      'postgres:u:hunter2@h/db',
      'postgres://u:ter/2@h/db',
      'postgres://u:12?ter2@h/db',
      'host=db user=u password=hunter2',
      'postgres://u:hunter2/db',
    ]
    const stores = wrong.map(url => problemsOf({ environment: { FACTEUR_STORE: url } }))
    const lists = ['store', 'redis'].map(key => problemsOf({ toml: `${key} = ["x://u:hun@ter2@h"]\n` }))
    const problems = [problemsOf({ toml }), ...stores, ...lists].flat()
    expect(problems).toHaveLength(9)
    expect(problems.join('\n')).not.toMatch(/hun|ter/)
    expect(problems[0]).toBe('facteur.toml line 2: s3.secret-access-key is ***; expected a text, which is never shown')
  })

  it.each([
    ['store', 'postgres://u:12/ter?2@h/db'],
    ['store', 'postgres://u:/hunter2@h/db'],
    ['store', 'postgres://h/db?user=u@h'],
    ['store', 'postgres://h/db#u@h'],
    ['redis', 'redis://u:12?ter2@h'],
    ['redis', 'redis://u:12#ter2@h'],
    ['redis', 'redis://u:12/3?ter2@h'],
  ])('include a password whose signs nobody encoded, and whose rest is taken for more: %s %s', (key, url) => {
    const environment = { FACTEUR_STORE: 'postgres://h/db', [`FACTEUR_${key.toUpperCase()}`]: url }
    expect(problemsOf({ environment })).toEqual([
      expect.stringContaining(`${key} is "${url.split('//')[0]}//***"; expected an address such as `),
    ])
  })

  it('include a file that was asked for and is not there', () => {
    expect(problemsOf({ file: 'missing.toml' })).toEqual([
      "missing.toml: can't be read (ENOENT); expected a file of settings",
    ])
  })

  it('do not include what Kubernetes says of services whose names begin with ours', () => {
    const environment = {
      FACTEUR_IMAP_SERVICE_HOST: '10.0.0.1',
      FACTEUR_IMAP_SERVICE_PORT: '143',
      FACTEUR_IMAP_SERVICE_PORT_IMAPS: '993',
      FACTEUR_IMAP_PORT: 'tcp://10.0.0.1:143',
      FACTEUR_IMAP_PORT_143_TCP: 'tcp://10.0.0.1:143',
      FACTEUR_IMAP_PORT_143_TCP_PROTO: 'tcp',
      FACTEUR_IMAP_PORT_143_TCP_PORT: '143',
      FACTEUR_IMAP_PORT_143_TCP_ADDR: '10.0.0.1',
      FACTEUR_QUEUE_PORT: 'tcp://10.0.0.2:25',
    }
    expect(problemsOf({ environment })).toEqual([])
    expect(load({ environment }).config.queuePort).toBe(25)
    expect(problemsOf({ environment: { FACTEUR_IMAP_PORT: '143', FACTEUR_QUEUE_PORT: 'x' } })).toHaveLength(2)
  })

  it('do not include variables of other flags, of Kubernetes, or of the tests', () => {
    const environment = {
      FACTEUR_QUOTA: '5GB',
      FACTEUR_SERVICE_HOST: '10.0.0.1',
      FACTEUR_PORT: 'tcp://10.0.0.1:25',
      FACTEUR_TEST_NO_APT: '1',
    }
    expect(problemsOf({ environment, otherVariables: new Set(['FACTEUR_QUOTA']) })).toEqual([])
    expect(problemsOf({ environment })).toHaveLength(1)
  })
})

describe('lines of keys', () => {
  it('are those of the assignment, through comments, tables, arrays and long strings', () => {
    const text =
      'a = 1 # b = 2\n# b = 3\n\n[t]\nlist = [\n  1,\n  2,\n]\nlong = """\nc = 4\n"""\nc = { d = 1, e = 2 }\nu.v = 5\n'
    for (const ending of ['\n', '\r\n']) {
      const lines = linesOfKeys(text.replaceAll('\n', ending))
      expect([...lines]).toEqual([
        ['a', 1],
        ['t.list', 5],
        ['t.long', 9],
        ['t.c.d', 12],
        ['t.c.e', 12],
        ['t.u.v', 13],
      ])
    }
  })

  it('never throw, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(...'a=1"\'[]{}.,#\n \\') }), text => {
        readConfigText(text)
        linesOfKeys(text)
      }),
      { numRuns: 300 },
    )
  })
})

describe('values', () => {
  it.each([
    ['20MB', 20_971_520],
    ['20 mib', 20_971_520],
    ['1.5GB', 1_610_612_736],
    ['512B', 512],
    ['512', undefined],
    ['0', 0],
    ['1kB', 1024],
    ['5G', undefined],
    ['-1MB', undefined],
    ['', undefined],
    ['9999999999999999TB', undefined],
  ])('size %s', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['5d', 432_000_000],
    ['250ms', 250],
    ['5', undefined],
    ['', undefined],
    ['30m1h', undefined],
  ])('duration %s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds))

  it('are shown as what reads back the same', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 52 }), bytes => parseSize(showSize(bytes)) === bytes))
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 40 }), ms => parseDuration(showDuration(ms)) === ms))
  })

  it.each([
    ['25', [{ address: null, port: 25 }]],
    [
      '127.0.0.1:25,[::1]:26',
      [
        { address: '127.0.0.1', port: 25 },
        { address: '::1', port: 26 },
      ],
    ],
    ['off', []],
    ['', undefined],
    ['::1:25', undefined],
    ['[127.0.0.1]:25', undefined],
    ['mail.test:25', undefined],
    ['25,', undefined],
    ['65536', undefined],
  ])('endpoints %s', (text, expected) => expect(endpoints.read(text, '/')).toEqual(expected))

  it('DNS servers need an address', () => {
    expect(dnsServers.read(['192.0.2.1', '192.0.2.1:5353', '[::1]:53', '::1'], '/')).toHaveLength(4)
    expect(dnsServers.read('53', '/')).toBeUndefined()
    expect(dnsServers.read('dns.test', '/')).toBeUndefined()
  })
})
