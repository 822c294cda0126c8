/** The examples in deploy/ against the program, and against each other. What runs them for real is test/integration/balanced-nodes.test.ts. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { listenSettings } from '../../src/app/servers.ts'
import { loadConfig } from '../../src/ops/config.ts'
import { settings } from '../../src/ops/config-settings.ts'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

/** The ports that clients of the service use. */
const ports = Object.entries(listenSettings)
  .filter(([name]) => name !== 'http')
  .map(([, setting]) => settings[setting].fallback[0]!.port)
  .toSorted((a, b) => a - b)
const sorted = (values: Iterable<string | number>): number[] => [...values].map(Number).toSorted((a, b) => a - b)
const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)?.[1])
/** For sessions and deliveries, and some for the rest. */
const stopSeconds = Number(/^const GRACE_MS = (\d+)_000$/m.exec(read('src/cli/serve.ts'))?.[1]) + 10

interface Compose {
  services: Record<string, ComposeService>
  networks: {
    inside: { ipam: { config: { subnet: string; ip_range: string }[] } }
    clients: { enable_ipv6: boolean; ipam: { config: { subnet: string }[] } }
  }
  volumes: Record<string, unknown>
}
interface ComposeService {
  image: string
  build?: { context: string; dockerfile: string }
  pull_policy?: string
  environment?: Record<string, string | number>
  depends_on?: string[] | Record<string, unknown>
  volumes?: string[]
  ports?: string[]
  networks?: string[] | { inside?: { ipv4_address: string } }
  restart?: string
  logging?: { driver: string }
  hostname?: string
  stop_grace_period?: string
}

const networksOf = ({ networks = [] }: ComposeService): string[] =>
  Array.isArray(networks) ? networks : Object.keys(networks)

describe('deploy/compose.yaml', () => {
  // As Compose itself: YAML 1.1's merges.
  const compose = parse(read('deploy/compose.yaml'), { merge: true }) as Compose
  const { services } = compose
  const nodes = Object.entries(services).filter(([name]) => /^mail\d$/.test(name))
  const balancer = services['load-balancer']!
  const variables: Record<string, string> = {
    MAIL_HOSTNAME: 'mail.example.org',
    POSTGRES_PASSWORD: 'a1',
    S3_SECRET_ACCESS_KEY: 'b2',
  }
  const substitute = (text: string | number): string =>
    String(text).replace(/\$\{(\w+)(?::[?-]\w*)?\}/g, (_, name: string) => variables[name] ?? `no ${name}`)

  it('names services, networks and volumes that are there', () => {
    expect(nodes).toHaveLength(3)
    for (const service of Object.values(services)) {
      const { depends_on = [], volumes = [], build } = service
      for (const name of Array.isArray(depends_on) ? depends_on : Object.keys(depends_on))
        expect(services).toHaveProperty(name)
      for (const name of networksOf(service)) expect(compose.networks).toHaveProperty(name)
      for (const volume of volumes.filter(text => !text.startsWith('.')))
        expect(compose.volumes).toHaveProperty(volume.split(':')[0]!)
      if (build) expect(existsSync(path.join(root, 'deploy', build.context, build.dockerfile))).toBe(true)
    }
    // Images that are built here aside, each is of a version.
    for (const { image, build, pull_policy } of Object.values(services))
      expect(image).toMatch(build || pull_policy === 'never' ? /^facteur:/ : /:\d/)
  })

  it('builds the image once, before the nodes, which take what was built', () => {
    const builders = Object.entries(services).filter(([, { build }]) => build)
    expect(builders.map(([name]) => name)).toEqual(['secret-key'])
    for (const [, { image, pull_policy, depends_on }] of nodes) {
      expect(image).toBe(services['secret-key']!.image)
      expect(pull_policy).toBe('never')
      expect(depends_on).toHaveProperty('secret-key', { condition: 'service_completed_successfully' })
    }
  })

  it('gives each node settings that are right, its own name and folder, and all else in common', () => {
    const configs = nodes.map(([, { environment = {} }]) => {
      const set = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, substitute(value)]))
      const none = { file: null, flags: {}, otherVariables: new Set<string>() }
      return loadConfig({ folder: '/app', environment: set, ...none }).config
    })
    expect(new Set(configs.map(({ hostname }) => hostname)).size).toBe(3)
    const common = configs.map(({ hostname: _, ...rest }) => JSON.stringify(rest))
    expect(new Set(common).size).toBe(1)
    expect(new Set(nodes.map(([, { volumes = [] }]) => volumes[0])).size).toBe(3)
    const config = configs[0]!
    expect(new URL(config.store!)).toMatchObject({ hostname: 'postgres', password: 'a1' })
    expect(services.postgres?.environment).toMatchObject({ POSTGRES_DB: new URL(config.store!).pathname.slice(1) })
    expect(new URL(config.redis!).hostname).toBe('redis')
    const bucket = new URL(config.blobs!)
    expect(new URL(bucket.searchParams.get('endpoint')!).hostname).toBe('s3')
    expect(services.s3?.environment).toMatchObject({
      S3_BUCKET: bucket.hostname,
      AWS_ACCESS_KEY_ID: config.s3AccessKeyId,
    })
    for (const [, node] of nodes) expect(seconds(node.stop_grace_period!)).toBeGreaterThanOrEqual(stopSeconds)
  })

  it('starts again with the machine, each node under the name it had', () => {
    // `on-failure` leaves those stopped that had ended in good order.
    for (const [name, { restart }] of Object.entries(services))
      expect(restart, name).toBe(name === 'secret-key' ? undefined : 'unless-stopped')
    for (const [name, { hostname }] of nodes) expect(hostname).toBe(name)
  })

  it('lets the load balancer, and it alone, say who the client is', () => {
    const { networks } = balancer
    const address = Array.isArray(networks) ? undefined : networks?.inside?.ipv4_address
    for (const [, node] of nodes) {
      expect(node.environment?.FACTEUR_PROXY_PROTOCOL_FROM).toBe(address)
      // A name leads to an address of any network that both are in, and by another the load balancer has another.
      expect(networksOf(node).filter(name => networksOf(balancer).includes(name))).toEqual(['inside'])
    }
    // Docker's own proxy hides who comes by IPv6 to a network that has none.
    const outer = networksOf(balancer).filter(name => name !== 'inside')
    expect(outer).toEqual(['clients'])
    expect(compose.networks.clients.enable_ipv6).toBe(true)
    expect(compose.networks.clients.ipam.config).toEqual([{ subnet: expect.stringMatching(/^fd.*::\/64$/) }])
    // Docker gives no other container that address.
    const [{ subnet, ip_range } = { subnet: '', ip_range: '' }] = compose.networks.inside.ipam.config
    expect([subnet, ip_range]).toEqual(['172.30.25.0/24', '172.30.25.128/25'])
    expect(Number(address?.split('.')[3])).toBeLessThan(128)
    for (const [name, service] of Object.entries(services))
      if (name !== 'load-balancer') expect(service.ports, name).toBeUndefined()
  })

  it('keeps no more than the last of logs that grow with each connection', () => {
    for (const [, { logging }] of [...nodes, ['', balancer] as const]) expect(logging).toEqual({ driver: 'local' })
  })

  it('opens every port to the outside, each the same within', () => {
    expect(balancer.ports?.every(text => /^(\d+):\1$/.test(text))).toBe(true)
    expect(sorted(balancer.ports?.map(text => text.split(':')[0]!) ?? [])).toEqual(ports)
  })
})

const hasProgram = (name: string, ...args: string[]): boolean => spawnSync(name, args).status === 0

describe('deploy/haproxy.cfg', () => {
  const text = read('deploy/haproxy.cfg')
  it('passes every port to the same of each node, with the client’s address', () => {
    const sections = [...text.matchAll(/^listen (\S+)\n {4}bind :::(\d+) v4v6\n((?: {4}server .*\n)+)/gm)]
    expect(sorted(sections.map(([, , port]) => port!))).toEqual(ports)
    for (const [, , port, servers] of sections)
      expect(servers).toBe([1, 2, 3].map(n => `    server mail${n} mail${n}:${port}\n`).join(''))
    expect(text.match(/default-server send-proxy-v2 check port 8080 /g)).toHaveLength(1)
  })

  it.skipIf(!hasProgram('haproxy', '-v'))('is valid (skipped where haproxy is not installed)', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'facteur-haproxy-'))
    try {
      const file = path.join(folder, 'haproxy.cfg')
      // The names are those of the containers.
      writeFileSync(file, text.replaceAll(/ mail\d:/g, ' 127.0.0.1:'))
      const { status, stderr } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' })
      expect(stderr.split('\n').filter(line => /ALERT|WARNING/.test(line))).toEqual([])
      expect(status).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('deploy/Dockerfile', () => {
  const text = read('deploy/Dockerfile')
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }

  it('has the Node of package.json', () => {
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
    expect(bases).toEqual([`node:${dependencies.node}-trixie-slim`, `node:${dependencies.node}-trixie-slim`])
  })

  it('copies what is there, and what the build may see', () => {
    const seen = read('deploy/Dockerfile.dockerignore')
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files!.split(' '))
    for (const file of copied) {
      expect(existsSync(path.join(root, file)), file).toBe(true)
      expect(seen).toContain(`\n!${file}\n`)
    }
  })

  it('is run as deployment.md says: with all ports, and time to end', () => {
    const command = /^docker run (?:.+\\\n)+.+$/m.exec(read('docs/operate/deployment.md'))?.[0] ?? ''
    expect(sorted([...command.matchAll(/ -p (\d+):\1(?= )/g)].map(([, port]) => port!))).toEqual(ports)
    expect(Number(/ --stop-timeout (\d+) /.exec(command)?.[1])).toBeGreaterThanOrEqual(stopSeconds)
    expect(text).toContain(`\nVOLUME ${/ --volume facteur:(\S+) /.exec(command)?.[1]}\n`)
  })

  it('serves all ports, under a user without rights, and looks at its health', () => {
    expect(sorted(/^EXPOSE (.+)$/m.exec(text)![1]!.split(' '))).toEqual(ports)
    expect(sorted([...text.matchAll(/FACTEUR_LISTEN_\w+=(\d+)/g)].map(([, port]) => port!))).toEqual(ports)
    expect(text.lastIndexOf('\nUSER node\n')).toBeGreaterThan(text.lastIndexOf('\nRUN '))
    expect(text).toContain(`http://127.0.0.1:${settings.listenHttp.fallback[0]!.port}/healthz`)
  })
})

describe('deploy/systemd', () => {
  const unit = read('deploy/systemd/facteur.service')

  it('leaves the service the time it takes to end', () => {
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThanOrEqual(stopSeconds)
  })

  it('tries again without end, as long as a database may take that starts beside it', () => {
    const [head] = unit.split('[Service]')
    expect(head).toMatch(/^StartLimitIntervalSec=0$/m)
    expect(unit).toMatch(/^Restart=on-failure$/m)
  })

  it('asks for no program to reload that a small system lacks, as it may procps’ kill', () => {
    expect(unit).toMatch(/^ExecReload=\/bin\/sh -c 'kill -HUP \$MAINPID'$/m)
  })

  it.skipIf(!hasProgram('systemd-analyze', '--version'))(
    'is valid, and leaves little to who breaks in (skipped where systemd is not installed)',
    () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'facteur-unit-'))
      try {
        // It looks whether the program is there.
        const file = path.join(folder, 'facteur.service')
        writeFileSync(file, unit.replaceAll('/opt/facteur/node_modules/.bin/node', process.execPath))
        const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
        expect(verified.stderr.split('\n').filter(line => line.includes('facteur.service'))).toEqual([])
        execFileSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', file])
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})
