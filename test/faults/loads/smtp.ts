/** Deliveries to one, two or three mailboxes, and submissions that go elsewhere. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LineClient } from '../line-client.ts'
import type { Random } from '../random.ts'
import { demand, judge, type Load, Refused, type Scene } from './load.ts'

/** After a refusal, before the next message. */
const pauseMs = 20

export const deliveredTo = ['ada', 'ben', 'pop']

export const deliveries = (number: number): Load => ({
  name: `delivery ${number}`,
  able: true,
  async connect(scene, random) {
    const client = await open(scene, scene.ports.smtp)
    try {
      while (!scene.stopping) {
        const { id, text } = scene.ledger.next(random)
        const users = random.some(deliveredTo, 0.5)
        const recipients = users.length > 0 ? users : [random.pick(deliveredTo)]
        const delivery = { recipients, acknowledged: false, removed: new Map() }
        scene.ledger.deliveries.set(id, delivery)
        const addresses = recipients.map(user => `${user}@example.org`)
        if (await send(scene, client, { sender: 'load@example.net', addresses, text })) {
          delivery.acknowledged = true
          scene.ledger.acknowledge(this.name)
        } else await sleep(pauseMs)
      }
    } finally {
      client.close()
    }
  },
})

export const submissions: Load = {
  name: 'submission',
  able: true,
  async connect(scene: Scene, random: Random) {
    const client = await open(scene, scene.ports.submission)
    try {
      const plain = Buffer.from(`\0sender@example.org\0${scene.password}`).toString('base64')
      client.send(`AUTH PLAIN ${plain}\r\n`)
      demand(scene, 'SMTP', 'AUTH', await client.anyReply())
      while (!scene.stopping) {
        const { id, text } = scene.ledger.next(random, 'sender@example.org')
        const recipients = random.pick([['one'], ['one', 'two']]).map(name => `${id}.${name}@far.test`)
        const submission = { recipients, acknowledged: false }
        scene.ledger.submissions.set(id, submission)
        if (await send(scene, client, { sender: 'sender@example.org', addresses: recipients, text })) {
          submission.acknowledged = true
          scene.ledger.acknowledge('submission')
        }
        // The queue has its work with each.
        await sleep(pauseMs)
      }
    } finally {
      client.close()
    }
  },
}

async function open(scene: Scene, port: number): Promise<LineClient> {
  const client = await LineClient.open(port)
  try {
    demand(scene, 'SMTP', 'greeting', await client.anyReply())
    client.send('EHLO load.example.net\r\n')
    demand(scene, 'SMTP', 'EHLO', await client.anyReply())
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

interface Envelope {
  sender: string
  addresses: string[]
  text: string
}

/** Resolves with whether it was taken. */
async function send(scene: Scene, client: LineClient, { sender, addresses, text }: Envelope): Promise<boolean> {
  client.send(`MAIL FROM:<${sender}>\r\n${addresses.map(address => `RCPT TO:<${address}>\r\n`).join('')}DATA\r\n`)
  const answers: string[] = []
  for (let n = 0; n < addresses.length + 2; n++) answers.push(await client.anyReply())
  const last = answers.at(-1) ?? ''
  const refusal = answers.slice(0, -1).find(answer => !answer.startsWith('2'))
  if (refusal !== undefined || !last.startsWith('354')) {
    // What follows a refused command is refused for the order alone.
    judge(scene, 'SMTP', 'MAIL, RCPT or DATA', refusal ?? last)
    // Some recipients were taken: the text is awaited, and nothing but the end of the connection takes that back.
    if (last.startsWith('354')) throw new Refused(refusal)
    client.send('RSET\r\n')
    demand(scene, 'SMTP', 'RSET', await client.anyReply())
    return false
  }
  client.send(`${text.replace(/^\./gm, '..')}.\r\n`)
  return judge(scene, 'SMTP', 'the message', await client.anyReply())
}
