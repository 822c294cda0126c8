/** facteur check: what could keep the service from doing its work, line by line, with what to do about it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { Command } from 'commander'
import type { ServiceSettingsValues } from '../accounts/service-settings/catalogue.ts'
import { readSettings } from '../accounts/service-settings/service-settings.ts'
import { blobPlace, openStoreReader } from '../app/store.ts'
import { type Config, ConfigError, type LoadedConfig } from '../ops/config.ts'
import { controlSocketPath } from '../ops/control.ts'
import { connectControl } from '../ops/control-client.ts'
import { certificateFolder } from '../ops/data-folder.ts'
import { EXPIRES_SOON_MS } from '../ops/limits.ts'
import { silentLog } from '../ops/log.ts'
import { selfSignedFiles } from '../ops/self-signed.ts'
import { loadCertificate } from '../ops/tls.ts'
import { packageVersion } from '../ops/version.ts'
import { tryObjects } from '../store/blobs/s3/objects.ts'
import { StoreError } from '../store/store.ts'
import type { DomainRow } from '../store/types.ts'
import { checkDns, questionsTo } from './check-dns.ts'
import { CommandError, type Context, examples, isMissing, jsonFlag, withSettings } from './context.ts'
import { type Control, overSocket, type ServiceStatus } from './control-commands.ts'
import { type ShownPlaces, shownPlaces } from './served-settings.ts'
import { visible } from './table.ts'

export interface Finding {
  area: 'settings' | 'service' | 'ports' | 'certificate' | 'DNS' | 'store' | 'Redis'
  level: 'ok' | 'warning' | 'problem'
  text: string
}

export function checkCommand(context: Context): Command {
  const command = withSettings(new Command('check'))
    .description(
      'look at settings, ports, certificate, DNS, store and Redis, and say what to do; exit code 1 where there is a problem',
    )
    .addOption(jsonFlag())
    .action(async (options: { json?: true }, self: Command) => {
      const findings = await findAll(context, self)
      if (options.json) context.printJson(findings)
      else
        for (const { area, level, text } of findings)
          context.print(`${level.padEnd(8)} ${area.padEnd(12)} ${visible(text)}\n`)
      const problems = findings.filter(({ level }) => level === 'problem').length
      if (problems > 0) throw new CommandError(`${problems} ${problems === 1 ? 'problem' : 'problems'} found`)
    })
  return examples(command, 'facteur check', 'facteur check --config /etc/facteur.toml --json')
}

async function findAll(context: Context, self: Command): Promise<Finding[]> {
  let loaded: LoadedConfig
  try {
    loaded = context.settings(self)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(text => ({ area: 'settings', level: 'problem', text }))
  }
  const { running, finding: service } = await askService(loaded.config)
  // The service may have been started with others than the command: a file, its environment.
  const config: Config = { ...loaded.config, ...running?.status.settings.config }
  const places = running?.status.settings.places ?? shownPlaces(config)
  const settings = running ? 'those the service was started with' : loaded.file
  const findings: Finding[] = [
    { area: 'settings', level: 'ok', text: settings ?? 'no facteur.toml: defaults and environment' },
    service,
  ]
  findings.push(...(running ? portsOf(running.status, config) : await tryPorts(config)))
  const { domains, hosts, finding } = running
    ? { ...running, finding: storeFinding(places.store, running.domains) }
    : await checkStore(config)
  const told = hostsTold(config, hosts)
  findings.push(...(await checkCertificate(config, told)))
  const names = domains.map(({ name }) => name)
  findings.push(...(await checkDns(questionsTo(config.dnsServers), config.hostname, told.mx, names)), finding)
  findings.push(...(await checkObjects(config, places)), ...checkModes(config), ...(await checkRedis(config, places)))
  return findings
}

interface Running {
  status: ServiceStatus
  domains: DomainRow[]
  hosts: ServiceSettingsValues
}

/** The names that mail programs and other servers know the service by: behind a load balancer its, not the node's. */
function hostsTold({ hostname }: Config, set: ServiceSettingsValues | null): { mx: string; all: string[] } {
  const mx = set?.mxHost ?? hostname
  return { mx, all: [...new Set([mx, ...[set?.imapHost, set?.pop3Host, set?.smtpHost].map(host => host ?? hostname)])] }
}

async function askService({ data }: Config): Promise<{ running: Running | null; finding: Finding }> {
  const say = (level: Finding['level'], text: string): Finding => ({ area: 'service', level, text })
  try {
    const client = await connectControl(controlSocketPath(data), packageVersion())
    const running = client && (await ask(overSocket(client)))
    if (!running) return { running, finding: say('warning', `not running on ${data}; start it: facteur serve`) }
    const { pid, startedAt } = running.status
    return { running, finding: say('ok', `running as process ${pid} since ${new Date(startedAt).toISOString()}`) }
  } catch (error) {
    return { running: null, finding: say('problem', error instanceof Error ? error.message : String(error)) }
  }
}

async function ask(control: Control): Promise<Running | null> {
  try {
    const status = await control.call('service.status', {})
    if (!status) return null
    const [domains, hosts] = [await control.call('domain.list', {}), await control.call('service.settings', {})]
    return { status, domains, hosts }
  } finally {
    await control.close()
  }
}

const plannedPorts = (config: Config) =>
  [
    { service: 'smtp', endpoints: config.listenSmtp },
    { service: 'submissions', endpoints: config.listenSubmissions },
    { service: 'submission', endpoints: config.listenSubmission },
    { service: 'imaps', endpoints: config.listenImaps },
    { service: 'imap', endpoints: config.listenImap },
    { service: 'pop3s', endpoints: config.listenPop3s },
    { service: 'pop3', endpoints: config.listenPop3 },
    { service: 'managesieve', endpoints: config.listenManageSieve },
    { service: 'https', endpoints: config.listenHttps },
    { service: 'panel', endpoints: config.listenPanel },
    { service: 'http', endpoints: config.listenHttp },
  ] as const

function portsOf(status: ServiceStatus, config: Config): Finding[] {
  return plannedPorts(config).flatMap(({ service, endpoints }): Finding[] => {
    const bound = status.listeners.filter(listener => listener.service === service)
    const wanted = new Set(endpoints.map(({ port }) => port))
    return bound.map(({ address, port }) =>
      wanted.has(port) || wanted.has(0)
        ? { area: 'ports', level: 'ok', text: `${service} on ${address} port ${port}` }
        : {
            area: 'ports',
            level: 'warning',
            text: `${service} on port ${port}, because ${[...wanted].join(', ')} could not be bound: others will not find it there; free the port or give the right to bind it, and restart`,
          },
    )
  })
}

async function tryPorts(config: Config): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { service, endpoints } of plannedPorts(config))
    for (const { address, port } of endpoints) {
      const host = address ?? config.listenAddress[0]
      const problem = await bindProblem(host, port)
      const where = `${service}: port ${port}`
      if (problem === null) findings.push({ area: 'ports', level: 'ok', text: `${where} is free` })
      else
        findings.push({
          area: 'ports',
          level: 'problem',
          text: `${where} can't be bound (${problem}): free it, give the right to bind it, or set listen.${service}`,
        })
    }
  return findings
}

function bindProblem(host: string | undefined, port: number): Promise<string | null> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => server.close(() => resolve(null)))
  })
}

async function checkCertificate(config: Config, told: { all: string[] }): Promise<Finding[]> {
  const say = (level: Finding['level'], text: string): Finding => ({ area: 'certificate', level, text })
  const own = config.tlsCertificate === null || config.tlsKey === null
  const files = own
    ? selfSignedFiles(certificateFolder(config))
    : { certFile: config.tlsCertificate ?? '', keyFile: config.tlsKey ?? '' }
  if (own && isMissing(files.certFile))
    return [say('warning', 'none yet: the first start makes a self-signed one; set tls.certificate and tls.key')]
  try {
    const { names, notAfter, notBefore, selfSigned } = (await loadCertificate(files, silentLog)).describe()
    const findings: Finding[] = []
    const now = Date.now()
    const until = new Date(notAfter).toISOString().slice(0, 10)
    if (notAfter < now) findings.push(say('problem', `expired on ${until}: renew it`))
    else if (notBefore > now)
      findings.push(
        say('problem', `not valid before ${new Date(notBefore).toISOString()}: look at this machine's clock`),
      )
    else if (notAfter < now + EXPIRES_SOON_MS) findings.push(say('warning', `expires on ${until}: renew it`))
    const uncovered = told.all.filter(host => !names.some(name => covers(name, host)))
    if (uncovered.length > 0)
      findings.push(
        say(
          'problem',
          `is for ${names.join(', ') || 'no name'}, not for ${uncovered.join(', ')}: programs will refuse it`,
        ),
      )
    if (selfSigned)
      findings.push(
        say(
          'warning',
          'self-signed: programs will warn of it; get one from an authority, and set tls.certificate and tls.key',
        ),
      )
    return findings.length > 0 ? findings : [say('ok', `for ${names.join(', ')}, until ${until}`)]
  } catch (error) {
    return [say('problem', error instanceof Error ? error.message : String(error))]
  }
}

/** RFC 6125 §6.4.3: a wildcard stands for one whole label. */
function covers(pattern: string, host: string): boolean {
  const name = pattern.toLowerCase()
  return name === host || (name.startsWith('*.') && host.split('.').slice(1).join('.') === name.slice(2))
}

async function checkRedis(config: Config, { redis: where }: ShownPlaces): Promise<Finding[]> {
  if (where === null) return []
  const { redis } = config
  if (redis === null || where !== shownPlaces(config).redis) return [notLookedAt('Redis', where)]
  const { redisProblem } = await import('../cluster/redis.ts')
  const problem = await redisProblem(redis)
  if (problem === null) return [{ area: 'Redis', level: 'ok', text: `${where} is reached` }]
  const text = `${where} can't be used (${problem}): look at redis in the settings; until then changes of other nodes are polled`
  return [{ area: 'Redis', level: 'problem', text }]
}

/** What the service has passwords or keys for, which it tells nobody. */
const notLookedAt = (area: Finding['area'], where: string): Finding => ({
  area,
  level: 'warning',
  text: `${where}: not looked at; give the command the settings of the service, with --config or as variables`,
})

/** Where large messages are files, they are part of the store. */
async function checkObjects(config: Config, { blobs: where }: ShownPlaces): Promise<Finding[]> {
  if (where === null || !where.startsWith('s3:')) return []
  const place = blobPlace(config)
  if (typeof place === 'string' || where !== shownPlaces(config).blobs) return [notLookedAt('store', where)]
  try {
    await tryObjects(place)
    return [{ area: 'store', level: 'ok', text: `${where}: objects can be put, got, listed and removed` }]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ area: 'store', level: 'problem', text: `${where}: ${reason}` }]
  }
}

/** All of it is made for its owner alone; what was copied back may not be. In a folder that others can't enter, they read nothing. */
function checkModes({ data }: Config): Finding[] {
  const modeOf = (name: string): number => statSync(path.join(data, name), { throwIfNoEntry: false })?.mode ?? 0
  const isEntered = (folder: string): boolean => (modeOf(folder) & 0o011) !== 0
  const isOpen = (name: string): boolean => (modeOf(name) & 0o077) !== 0 && isEntered(path.dirname(name))
  if (!existsSync(data)) return []
  try {
    const all = [...readdirSync(data), 'tls/key.pem']
    const names = isEntered('.') ? all.filter(isOpen) : []
    if (names.length === 0) return []
    return [{ area: 'store', level: 'warning', text: `others may read ${names.join(', ')}: chmod -R go= ${data}` }]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ area: 'store', level: 'problem', text: `${data} can't be read: ${reason}; run the command as its owner` }]
  }
}

function storeFinding(where: string, domains: DomainRow[]): Finding {
  const mailboxes = domains.reduce((sum, { accounts }) => sum + accounts, 0)
  if (domains.length === 0)
    return { area: 'store', level: 'warning', text: `${where} has no domain: facteur domain add DOMAIN` }
  const counts = `${domains.length} domain${domains.length === 1 ? '' : 's'}, ${mailboxes} mailbox${mailboxes === 1 ? '' : 'es'}`
  return { area: 'store', level: 'ok', text: `${where}: ${counts} (facteur verify looks at all of it)` }
}

async function checkStore(
  config: Config,
): Promise<{ domains: DomainRow[]; hosts: ServiceSettingsValues | null; finding: Finding }> {
  const where = shownPlaces(config).store
  try {
    const store = await openStoreReader(config)
    try {
      const domains = await store.read('domain.list', {})
      return { domains, hosts: await readSettings(store), finding: storeFinding(where, domains) }
    } finally {
      await store.close()
    }
  } catch (error) {
    const isMissing = error instanceof StoreError && error.code === 'not-found'
    const finding: Finding = isMissing
      ? { area: 'store', level: 'warning', text: `none yet at ${where}: the first start makes it` }
      : { area: 'store', level: 'problem', text: error instanceof Error ? error.message : String(error) }
    return { domains: [], hosts: null, finding }
  }
}
