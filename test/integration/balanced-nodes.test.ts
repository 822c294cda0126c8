/**
 * Two nodes behind HAProxy, as deploy/haproxy.cfg has it: who the client is on each port, and an upgrade of one node after the other
 * under a load: the tables are brought to a later version while this one runs on them, and the node of this one is drained.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepare } from '../../src/store/postgres/open.ts'
import { PgChannels } from '../../src/store/postgres/pg-channels.ts'
import { upgrade } from '../../src/store/postgres/upgrade.ts'
import { migrations } from '../../src/store/schema/index.ts'
import { LineClient } from '../faults/line-client.ts'
import { BALANCER } from '../support/balanced.ts'
import { hasHaproxy, type LoadBalancer, startLoadBalancer } from '../support/haproxy.ts'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { ApiClient } from './api-client.ts'
import { addMailboxes, ask, deliver, imapClient, type Nodes, PASSWORD, startNodes } from './fixtures/nodes.ts'
import type { Service, ServiceName } from './service.ts'

const user = 'ann@here.test'
/** Loopback, but neither the load balancer's address nor the one that tests have. */
const CLIENT = '127.0.0.9'
const newest = migrations.at(-1)?.version ?? 0

describe.skipIf(postgresPrograms === null || !hasHaproxy)(
  'nodes behind HAProxy (skipped where haproxy or PostgreSQL is not installed)',
  { timeout: 240_000 },
  () => {
    let cluster: Cluster
    let nodes: Nodes
    let balancer: LoadBalancer
    let a: Service
    let b: Service

    beforeAll(async () => {
      cluster = await startCluster({ tcp: true })
      nodes = await startNodes(2, {
        FACTEUR_STORE: await cluster.createDatabase('balanced'),
        FACTEUR_PROXY_PROTOCOL_FROM: BALANCER,
      })
      ;[a, b] = nodes.all as [Service, Service]
      await addMailboxes(a, 'here.test', ['ann'])
      balancer = await startLoadBalancer(nodes.all)
    }, 300_000)
    afterAll(async () => {
      await balancer?.stop()
      await nodes?.stop()
      await cluster?.dispose()
    })

    async function through(name: ServiceName): Promise<Socket> {
      const socket = connect({ port: balancer.ports[name], host: '127.0.0.1', localAddress: CLIENT })
      socket.on('error', () => {})
      await once(socket, 'connect')
      return socket
    }
    async function throughTls(name: ServiceName): Promise<Socket> {
      const socket = connectTls({ socket: await through(name), rejectUnauthorized: false })
      await once(socket, 'secureConnect')
      return socket
    }
    const ended = (remote: string): Record<string, unknown>[] =>
      [...a.log, ...b.log].filter(entry => /session ended$/.test(String(entry.msg)) && entry.remote === remote)

    it('know the client on each port', async () => {
      const names = ['smtp', 'submission', 'imap', 'pop3', 'managesieve', 'submissions', 'imaps', 'pop3s'] as const
      for (const name of names) {
        const client = await (/s$/.test(name) ? throughTls(name) : through(name))
        const [greeting] = await once(client, 'data')
        expect(String(greeting), name).toMatch(/^(?:220 |\* OK|\+OK|")/)
        client.destroy()
      }
      while (ended(CLIENT).length < names.length) await sleep(50)
      for (const name of ['https', 'panel'] as const) {
        const web = new ApiClient(a, name as 'https' | 'panel', () => throughTls(name))
        expect((await web.signIn(user, PASSWORD)).status).toBe(200)
        const sessions = (await web.get('/sessions')).json as { remoteAddress: string }[]
        expect(new Set(sessions.map(({ remoteAddress }) => remoteAddress))).toEqual(new Set([CLIENT]))
      }
    })

    it('are asked for their health without a line in the log', () => {
      const complaints = [...a.log, ...b.log].filter(({ remote, balancer }) => (remote ?? balancer) === BALANCER)
      expect(complaints).toEqual([])
    })

    it('are upgraded one after the other: on a wider schema both work, and the one that leaves finishes what it has', async () => {
      const acknowledged: string[] = []
      const send = async (node: Pick<Service, 'ports'>, subject: string): Promise<void> => {
        await deliver(node, user, subject)
        acknowledged.push(subject)
      }
      let isOver = false
      const load = (async () => {
        for (let count = 0; !isOver; count++) {
          // Whom the load balancer finds gone in the midst of a session tries again, as a server does.
          await send({ ports: balancer.ports }, `load ${count}`).catch(() => {})
          await sleep(20)
        }
      })()
      const idle = await imapClient(a, user)
      await ask(idle, 'SELECT INBOX')

      // What the first node of a later version does when it starts: every table has a column more, and there are others.
      const tables = await cluster.query('balanced', "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
      const widening = tables.flat().map(name => `ALTER TABLE ${name} ADD COLUMN later BIGINT`)
      const later = {
        version: newest + 1,
        statements: [],
        postgres: [...widening, 'CREATE TABLE of_later (account_id BIGINT PRIMARY KEY, later TEXT NOT NULL)'],
      }
      const channels = new PgChannels(cluster.url('balanced'))
      await prepare(
        channels,
        channel => upgrade(channels, channel, { at: Date.now(), steps: [...migrations, later] }),
        true,
      )
      await channels.close()

      // This version goes on, on both.
      for (const [index, node] of [a, b].entries()) {
        await send(node, `wider ${index}`)
        const client = await imapClient(node, user)
        await ask(client, `CREATE Folder${index}`)
        await ask(client, 'SELECT INBOX')
        await ask(client, 'STORE 1 +FLAGS (\\Flagged kept)')
        await ask(client, `COPY 1 Folder${index}`)
        await ask(client, 'SEARCH SUBJECT load')
        client.close()
      }
      expect(await b.cli(['mailbox', 'add', 'bob@here.test', '--password-stdin'], { stdin: PASSWORD })).toMatchObject({
        exitCode: 0,
      })

      // A message is under way when the node is asked to leave.
      const under = await LineClient.open(a.ports.smtp)
      await under.reply('2')
      for (const line of ['EHLO away.test', 'MAIL FROM:<someone@away.test>', `RCPT TO:<${user}>`]) {
        under.send(`${line}\r\n`)
        await under.reply('2')
      }
      under.send('DATA\r\n')
      await under.reply('3')
      under.send('Subject: under way\r\n\r\nbegun')
      const drained = a.cli(['drain', '--for', '60s'])
      for (let line = ''; !line.startsWith('* BYE'); ) line = await idle.line()
      under.send(', and ended\r\n.\r\n')
      await under.reply('2')
      acknowledged.push('under way')
      under.close()
      expect(await drained).toMatchObject({ exitCode: 0, stdout: 'The service has ended.\n' })
      // The load balancer has others left.
      const before = acknowledged.length
      while (acknowledged.length < before + 3) await sleep(20)
      isOver = true
      await load

      // It can't be started again, and says why; with that the tables stay as they are.
      await expect(a.start()).rejects.toThrow(
        `the store is of version ${newest + 1}, newer than this program, which knows versions up to ${newest}: use a newer Facteur`,
      )

      const reader = await imapClient(b, user)
      await ask(reader, 'SELECT INBOX')
      const lines = await ask(reader, 'FETCH 1:* BODY.PEEK[HEADER.FIELDS (SUBJECT)]')
      const found = lines.filter(line => line.startsWith('Subject: ')).map(line => line.slice('Subject: '.length))
      reader.close()
      // Whatever was acknowledged is there once; of what was not, the last of a session may be there too.
      expect(acknowledged.filter(subject => found.filter(one => one === subject).length !== 1)).toEqual([])
      await cluster.query('balanced', `DELETE FROM schema_version WHERE version > ${newest}`)
      expect(await b.cli(['verify'])).toMatchObject({ exitCode: 0, stderr: '' })
    })
  },
)
