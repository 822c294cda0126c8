/** A client that fetches what came and deletes it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Gone, LineClient } from '../line-client.ts'
import type { Random } from '../random.ts'
import { demand, judge, type Load, type Scene } from './load.ts'

const pauseMs = 50

/** Messages taken in one session at the most. */
const most = 4

export const retrievals: Load = {
  name: 'retrieval',
  able: true,
  async connect(scene: Scene, random: Random) {
    const client = await LineClient.open(scene.ports.pop3)
    try {
      const ask = async (command: string): Promise<string> => {
        client.send(`${command}\r\n`)
        const answer = await client.line()
        demand(scene, 'POP3', command.split(' ')[0] ?? '', answer)
        return answer
      }
      demand(scene, 'POP3', 'greeting', await client.line())
      await ask('USER pop@example.org')
      await ask(`PASS ${scene.password}`)
      const count = Number((await ask('STAT')).split(' ')[1])
      const removed: Map<string, 'yes' | 'perhaps'>[] = []
      for (let number = 1; number <= Math.min(count, random.between(1, most)); number++) {
        await ask(`RETR ${number}`)
        const id = scene.ledger.idOf(await textOf(client), 'over POP3')
        const delivery = scene.ledger.deliveries.get(id)
        if (!delivery) continue
        if (delivery.removed.get('pop') === 'yes') scene.ledger.problem(`${id} was deleted by POP3 and is there again`)
        await ask(`DELE ${number}`)
        removed.push(delivery.removed)
      }
      // Nothing is deleted before this is answered (RFC 1939 §6).
      for (const from of removed) from.set('pop', 'perhaps')
      client.send('QUIT\r\n')
      const answer = await client.line()
      const isDone = judge(scene, 'POP3', 'QUIT', answer)
      if (!isDone && scene.dies) throw new Gone()
      for (const from of removed)
        if (isDone) from.set('pop', 'yes')
        else from.delete('pop')
      if (isDone && removed.length > 0) scene.ledger.acknowledge('retrieval')
      await sleep(pauseMs)
    } finally {
      client.close()
    }
  },
}

async function textOf(client: LineClient): Promise<string> {
  const lines: string[] = []
  for (let line = await client.line(); line !== '.'; line = await client.line())
    lines.push(line.startsWith('.') ? line.slice(1) : line)
  return lines.map(line => `${line}\r\n`).join('')
}
