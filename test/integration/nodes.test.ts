/** Several nodes of the service on one PostgreSQL database: each hears of what the others did, with Redis and without. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BEAT_MS, LOOKED_AFTER_MS } from '../../src/cluster/limits.ts'
import { LineClient } from '../faults/line-client.ts'
import { freePort } from '../support/free-port.ts'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis.ts'
import { addMailboxes, ask, deliver, imapClient, type Nodes, PASSWORD, startNodes } from './fixtures/nodes.ts'
import type { Service } from './service.ts'

const user = 'ann@here.test'
/** A node looks by itself after that: whoever hears sooner has been told, or polled. */
const lookedAfterMs = LOOKED_AFTER_MS - 1_000

describe.skipIf(postgresPrograms === null || !hasRedis)(
  'nodes (skipped where PostgreSQL or Redis is not installed)',
  { timeout: 180_000 },
  () => {
    let cluster: Cluster
    let redis: RedisServer
    let nodes: Nodes
    let a: Service
    let b: Service

    beforeAll(async () => {
      cluster = await startCluster({ tcp: true })
      redis = await startRedis()
      nodes = await startNodes(2, { FACTEUR_STORE: await cluster.createDatabase('nodes'), FACTEUR_REDIS: redis.url })
      ;[a, b] = nodes.all as [Service, Service]
      await addMailboxes(a, 'here.test', ['ann', 'bob'])
    })
    afterAll(async () => {
      await nodes?.stop()
      await redis?.kill()
      await cluster?.dispose()
    })

    const status = async (node: Service) => {
      const { stdout } = await node.cli(['cluster', 'status', '--json'])
      return JSON.parse(stdout) as { redis: string; nodes: { state: string; notices: string }[]; problems: string[] }
    }
    /** As `look` finds it, which is asked again and again. */
    async function until<T>(look: () => Promise<T | false | null | undefined>): Promise<T> {
      for (const begun = Date.now(); ; await sleep(100)) {
        const found = await look()
        if (found !== false && found !== null && found !== undefined) return found
        if (Date.now() - begun > 40_000) throw new Error('it did not come about')
      }
    }

    /** What holds however the nodes hear of each other; `withinMs`: how late at most. */
    function hearing(withinMs: number): void {
      it('wakes IDLE on one for a message that another accepted', async () => {
        const client = await imapClient(b, user)
        try {
          await ask(client, 'SELECT INBOX')
          client.send('i IDLE\r\n')
          await client.line()
          const took: number[] = []
          for (const subject of ['first', 'second', 'third']) {
            await deliver(a, user, subject)
            const accepted = Date.now()
            while (!/^\* \d+ EXISTS$/.test(await client.line()));
            took.push(Date.now() - accepted)
          }
          // On a machine with much other work the others may be late for that.
          expect(Math.min(...took)).toBeLessThan(withinMs)
          expect(Math.max(...took)).toBeLessThan(lookedAfterMs)
          client.send('DONE\r\n')
          await client.tagged('i')
        } finally {
          client.close()
        }
      })

      it('tells by NOTIFY on one of mail and mailboxes that another took in, made, renamed and removed', async () => {
        const one = await imapClient(a, user)
        const other = await imapClient(b, user)
        try {
          const events = '(MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange)'
          await ask(other, `NOTIFY SET (subtree (INBOX Noted) ${events})`)
          const begun = Date.now()
          await deliver(a, user, 'noted')
          expect(await other.line()).toMatch(
            /^\* STATUS INBOX \(MESSAGES \d+ UIDNEXT \d+ UIDVALIDITY \d+ UNSEEN \d+\)$/,
          )
          await ask(one, 'CREATE Noted')
          expect(await other.line()).toBe('* LIST (\\HasNoChildren) "/" Noted')
          expect(await other.line()).toMatch(/^\* STATUS Noted \(MESSAGES 0 UIDNEXT 1 UIDVALIDITY \d+ UNSEEN 0\)$/)
          await ask(one, 'SUBSCRIBE Noted')
          expect(await other.line()).toBe('* LIST (\\Subscribed \\HasNoChildren) "/" Noted')
          await ask(one, 'RENAME Noted Gone')
          expect(await other.line()).toBe('* LIST (\\HasNoChildren) "/" Gone ("OLDNAME" (Noted))')
          await ask(one, 'RENAME Gone Noted')
          expect(await other.line()).toBe('* LIST (\\Subscribed \\HasNoChildren) "/" Noted ("OLDNAME" (Gone))')
          expect(await other.line()).toMatch(/^\* STATUS Noted \(MESSAGES 0 UIDNEXT 1 UIDVALIDITY \d+ UNSEEN 0\)$/)
          await ask(one, 'DELETE Noted')
          expect(await other.line()).toBe('* LIST (\\NonExistent \\HasNoChildren) "/" Noted')
          await ask(one, 'UNSUBSCRIBE Noted')
          // Seven changes, each heard of before the next was made.
          expect(Date.now() - begun).toBeLessThan(7 * lookedAfterMs)
        } finally {
          one.close()
          other.close()
        }
      })

      it('tells one session that a message is recent, whichever node it is on', async () => {
        const recentOf = (lines: string[]): number =>
          Number(lines.map(line => /^\* (\d+) RECENT$/.exec(line)?.[1]).find(count => count !== undefined))
        const sum = (counts: number[]): number => counts.reduce((all, count) => all + count, 0)
        const clients = await Promise.all([a, b, a, b].map(node => imapClient(node, user)))
        try {
          await ask(clients[0]!, 'SELECT INBOX')
          await deliver(a, user, 'to who opens first')
          await deliver(b, user, 'or second')
          await ask(clients[0]!, 'UNSELECT')
          const opened = await Promise.all(clients.map(client => ask(client, 'SELECT INBOX')))
          expect(sum(opened.map(recentOf))).toBe(2)
          for (const client of clients) {
            client.send('i IDLE\r\n')
            await client.line()
          }
          await deliver(a, user, 'to who waits')
          const told = await Promise.all(
            clients.map(async client => {
              for (;;) {
                const line = await client.line()
                if (/^\* \d+ RECENT$/.test(line)) return line
              }
            }),
          )
          expect(sum(told.map(line => recentOf([line])))).toBe(3)
        } finally {
          for (const client of clients) client.close()
        }
      })

      it('shows flags that were set on one on the other, in the order of MODSEQ', async () => {
        const one = await imapClient(a, user)
        const other = await imapClient(b, user)
        try {
          await ask(one, 'SELECT INBOX')
          await ask(other, 'SELECT INBOX (CONDSTORE)')
          await ask(one, 'STORE 1:3 -FLAGS (\\Flagged \\Answered one two)')
          await ask(other, 'NOOP')
          other.send('i IDLE\r\n')
          await other.line()
          const commands = [
            'STORE 2 +FLAGS (one)',
            'STORE 1 +FLAGS (\\Flagged)',
            'STORE 2 +FLAGS (two)',
            'STORE 3 +FLAGS (\\Answered)',
          ]
          for (const command of commands) await ask(one, command)
          const seen: { number: number; modseq: number; flags: string }[] = []
          const begun = Date.now()
          while (
            !(
              ['1', '2', '3'].every(number => seen.some(each => String(each.number) === number)) &&
              seen.some(({ flags }) => flags.includes('two'))
            )
          ) {
            const line = await other.line()
            const found = /^\* (\d+) FETCH \((.*)\)$/.exec(line)
            if (!found) continue
            const modseq = Number(/MODSEQ \((\d+)\)/.exec(line)?.[1])
            seen.push({ number: Number(found[1]), modseq, flags: /FLAGS \(([^)]*)\)/.exec(line)?.[1] ?? '' })
          }
          expect(Date.now() - begun).toBeLessThan(lookedAfterMs)
          const last = (number: number) => seen.findLast(each => each.number === number)!
          expect(last(1).flags).toContain('\\Flagged')
          expect(last(2).flags).toMatch(/one.*two|two.*one/)
          expect(last(3).flags).toContain('\\Answered')
          // Each tells a state that is later than the one before it of the same message; the last changes came last.
          for (const number of [1, 2, 3]) {
            const modseqs = seen.filter(each => each.number === number).map(({ modseq }) => modseq)
            expect(modseqs).toEqual(modseqs.toSorted((x, y) => x - y))
          }
          expect(last(1).modseq).toBeLessThan(last(2).modseq)
          expect(last(2).modseq).toBeLessThan(last(3).modseq)
          other.send('DONE\r\n')
          await other.tagged('i')
        } finally {
          one.close()
          other.close()
        }
      })

      it('keeps all that one appends to a mailbox while another renames it', async () => {
        const one = await imapClient(a, user)
        const other = await imapClient(b, user)
        try {
          await ask(one, 'CREATE Project')
          await ask(other, 'SELECT Project')
          let appended = 0
          let name = 'Project'
          const appending = (async () => {
            for (let count = 0; count < 20; count++) {
              const text = `Subject: ${count}\r\n\r\nHello.\r\n`
              other.send(`x APPEND ${name} {${text.length}+}\r\n${text}\r\n`)
              // It may have another name by the time the message is there.
              await other.tagged('x').then(
                () => appended++,
                error => expect(String(error)).toContain('TRYCREATE'),
              )
            }
          })()
          for (const next of ['Project2', 'Done/Project', 'Project3']) {
            await ask(one, `RENAME ${name} ${next}`)
            name = next
          }
          await appending
          expect(appended).toBeGreaterThan(0)
          expect(await ask(one, `STATUS ${name} (MESSAGES)`)).toContainEqual(
            expect.stringContaining(`(MESSAGES ${appended})`),
          )
          await ask(one, `DELETE ${name}`)
        } finally {
          one.close()
          other.close()
        }
      })

      it('ends on one the session of a password that is changed on another', async () => {
        const client: LineClient = await imapClient(b, 'bob@here.test')
        try {
          await ask(client, 'SELECT INBOX')
          client.send('i IDLE\r\n')
          await client.line()
          const changed = await a.cli(['mailbox', 'passwd', 'bob@here.test', '--password-stdin'], {
            stdin: `${PASSWORD}\n`,
          })
          expect(changed, changed.stderr).toMatchObject({ exitCode: 0 })
          const at = Date.now()
          let line = await client.line()
          while (!line.startsWith('* BYE')) line = await client.line()
          expect(Date.now() - at).toBeLessThan(lookedAfterMs)
        } finally {
          client.close()
        }
      })

      it('knows settings that are changed on another', async () => {
        const name = `Courrier ${withinMs}`
        await b.cli(['service', 'settings', '--json'])
        expect(await a.cli(['service', 'set', 'name', name])).toMatchObject({ exitCode: 0 })
        await until(async () => JSON.parse((await b.cli(['service', 'settings', '--json'])).stdout).name === name)
      })
    }

    describe('with Redis', () => {
      beforeAll(() => until(async () => (await status(b)).nodes.every(({ notices }) => notices === 'redis')))
      hearing(1_000)

      it('says who is there', async () => {
        const { exitCode, stdout } = await b.cli(['cluster', 'status'])
        expect(exitCode, stdout).toBe(0)
        expect(stdout).toMatch(/mail1\.facteur\.test .*running.*redis/)
        expect(stdout).toMatch(/mail2\.facteur\.test \* .*running.*redis/)
        // What one alone does, one does.
        expect(stdout.match(/books, news, sweeps/g)).toHaveLength(1)
        expect(stdout).toContain('Redis: reached')
      })
    })

    describe('without Redis, which was killed', () => {
      beforeAll(async () => {
        await redis.kill()
        await until(async () => (await status(b)).nodes.every(({ notices }) => notices === 'polling'))
      })
      hearing(2_500)

      it('says so', async () => {
        const { exitCode, stdout, stderr } = await a.cli(['cluster', 'status'])
        expect({ exitCode, stderr }).toEqual({
          exitCode: 1,
          stderr: "facteur: Redis can't be reached from here: changes are polled\n",
        })
        expect(stdout).toContain('Redis: not reached')
        expect(a.log.filter(({ msg }) => msg === 'Redis is gone: polling instead')).toHaveLength(1)
        const health = await fetch(`http://127.0.0.1:${a.ports.http}/healthz`)
        expect(await health.json()).toMatchObject({ ok: true, notices: 'polling' })
      })
    })

    it('hears by Redis again once it is back', async () => {
      await redis.start()
      const hearByRedis = async () => (await status(b)).nodes.every(({ notices }) => notices === 'redis')
      await until(hearByRedis)
      const client = await imapClient(b, user)
      await ask(client, 'SELECT INBOX')
      client.send('i IDLE\r\n')
      await client.line()
      await deliver(a, user, 'by Redis')
      const accepted = Date.now()
      while (!/^\* \d+ EXISTS$/.test(await client.line()));
      expect(Date.now() - accepted).toBeLessThan(lookedAfterMs)
      // Who polls hears as soon without it.
      expect(await hearByRedis()).toBe(true)
      client.close()
    })

    it('does without a Redis that says nothing and keeps its connections', async () => {
      const client = await imapClient(b, user)
      await ask(client, 'SELECT INBOX')
      client.send('i IDLE\r\n')
      await client.line()
      redis.freeze()
      try {
        await deliver(a, user, 'while Redis stands still')
        const accepted = Date.now()
        while (!/^\* \d+ EXISTS$/.test(await client.line()));
        expect(Date.now() - accepted).toBeLessThan(lookedAfterMs)
        await until(async () => (await status(b)).nodes.every(({ notices }) => notices === 'polling'))
      } finally {
        redis.thaw()
        client.close()
      }
      await until(async () => (await status(b)).nodes.every(({ notices }) => notices === 'redis'))
    })

    it('wakes IDLE on the others for a message that one accepted which Redis is lost on', async () => {
      const cut = await nodes.add({ FACTEUR_REDIS: `redis://127.0.0.1:${await freePort()}/0` })
      const client = await imapClient(a, user)
      await ask(client, 'SELECT INBOX')
      client.send('i IDLE\r\n')
      await client.line()
      // They know of it with the next beat.
      await sleep(BEAT_MS)
      const took: number[] = []
      for (const subject of ['cut off 1', 'cut off 2', 'cut off 3']) {
        await deliver(cut, user, subject)
        const accepted = Date.now()
        while (!/^\* \d+ EXISTS$/.test(await client.line()));
        took.push(Date.now() - accepted)
      }
      expect(Math.min(...took)).toBeLessThan(2_500)
      expect(Math.max(...took)).toBeLessThan(lookedAfterMs)
      client.close()
      expect(await cut.cli(['drain', '--for', '1s'])).toMatchObject({ exitCode: 0 })
    })

    it.each(['1', '2'])('refuses a second service on the data folder of one that runs (workers: %s)', async workers => {
      const node = await nodes.add({ FACTEUR_WORKERS: workers })
      const rowsOfNode = async () =>
        (await cluster.query('nodes', 'SELECT node_id, pid, started_at FROM node ORDER BY node_id')).map(row =>
          row.join(' '),
        )
      const before = await rowsOfNode()
      for (const others of ['1', '2']) {
        const second = await node.cli(['serve'], { environment: { FACTEUR_WORKERS: others } })
        expect(second.stderr).toContain(`the data folder ${node.data} is in use by process ${node.pid}`)
        expect(second.exitCode).toBe(1)
      }
      expect(await rowsOfNode()).toEqual(before)
      // It still hears commands.
      expect(await node.cli(['drain', '--for', '1s'])).toMatchObject({
        exitCode: 0,
        stdout: 'The service has ended.\n',
      })
    })

    it('starts a worker again though a node of a newer version has widened the tables', async () => {
      const node = await nodes.add({ FACTEUR_WORKERS: '2' })
      const rows = await cluster.query('nodes', `SELECT pid FROM node WHERE hostname LIKE 'mail${nodes.all.length}.%'`)
      expect(rows).toHaveLength(2)
      await cluster.query('nodes', 'INSERT INTO schema_version (version, applied_at) VALUES (999, 0)')
      try {
        process.kill(Number(rows[0]![0]), 'SIGKILL')
        const said = (text: string): boolean => node.log.some(({ msg }) => msg === text)
        await until(async () => said('a worker is back') || said('a worker can’t start'))
        expect(said('a worker can’t start')).toBe(false)
      } finally {
        await cluster.query('nodes', 'DELETE FROM schema_version WHERE version = 999')
      }
      expect(await node.cli(['drain', '--for', '1s'])).toMatchObject({ exitCode: 0 })
    })

    it('opens a maildrop on one node at a time', async () => {
      const open = async (node: Service): Promise<{ client: LineClient; answer: string }> => {
        const client = await LineClient.open(node.ports.pop3)
        await client.line()
        client.send(`USER ${user}\r\nPASS ${PASSWORD}\r\n`)
        await client.line()
        return { client, answer: await client.line() }
      }
      const one = await open(a)
      expect(one.answer).toMatch(/^\+OK/)
      const other = await open(b)
      expect(other.answer).toMatch(/^-ERR \[IN-USE\]/)
      one.client.send('QUIT\r\n')
      await one.client.line()
      await until(async () => (await open(b)).answer.startsWith('+OK'))
    })

    it('goes on without one that is drained', async () => {
      const client = await imapClient(b, user)
      await ask(client, 'SELECT INBOX')
      client.send('i IDLE\r\n')
      await client.line()
      const drained = b.cli(['drain', '--for', '10s'])
      await until(async () => {
        const health = await fetch(`http://127.0.0.1:${b.ports.http}/healthz`)
        return health.status === 503 && JSON.stringify(await health.json()).includes('"service":"leaving"')
      })
      // For five seconds it still takes what comes.
      await deliver(b, user, 'while it leaves')
      for (let line = ''; !line.startsWith('* BYE'); ) line = await client.line()
      const { exitCode, stdout, stderr } = await drained
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: 'The service has ended.\n' })
      // What it alone did is another's.
      await until(async () => (await a.cli(['cluster', 'status'])).stdout.match(/mail1.*books, news, sweeps/))
      expect((await status(a)).nodes).toMatchObject([{ state: 'running' }])
      // Asked where no service runs any more.
      const asked = await b.cli(['cluster', 'status'])
      expect(asked).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('Redis: reached') })
      redis.freeze()
      try {
        expect(await status(b)).toMatchObject({ redis: 'gone', nodes: [{ state: 'running' }] })
      } finally {
        redis.thaw()
      }
    })

    it('says so in its protocols where the database keeps its connections and says nothing', async () => {
      const client = await imapClient(a, user)
      const healthz = `http://127.0.0.1:${a.ports.http}/healthz`
      const append = async (): Promise<string> => {
        client.send('x APPEND INBOX {3}\r\n')
        // A store that is not there may be found out before the message is asked for.
        const answer = await client.line()
        if (!answer.startsWith('+ ')) return answer
        client.send('a\r\n\r\n')
        return `x ${(await client.completion('x')).line}`
      }
      expect(await append()).toMatch(/^x OK/)
      cluster.freeze()
      try {
        const health = fetch(healthz).then(async answer => [answer.status, await answer.json()] as const)
        const status = a.cli(['cluster', 'status'])
        expect(await append()).toMatch(/^x NO \[UNAVAILABLE\]/)
        expect(await health).toMatchObject([503, { ok: false, checks: { store: 'does not answer' } }])
        expect(await status).toMatchObject({ exitCode: 1, stderr: 'facteur: the store does not answer\n' })
      } finally {
        cluster.thaw()
      }
      await until(async () => (await fetch(healthz)).ok)
      expect(await append()).toMatch(/^x OK/)
      client.close()
    })

    it('leaves nothing damaged', async () => {
      expect(await a.cli(['verify'])).toMatchObject({ exitCode: 0, stderr: '' })
    })
  },
)
