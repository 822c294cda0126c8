/** Mail sent with swaks: from elsewhere to the mailbox, and as its owner to the mailbox and elsewhere. */
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../integration/fixtures/programs.ts'
import { password, type Scene } from './scene.ts'

const sizes = [300, 2_000, 2_000, 20_000, 20_000, 300_000]

export async function deliverOn(scene: Scene): Promise<void> {
  while (!scene.isOver) {
    const { id, text } = scene.record.next(scene.random.pick(sizes))
    scene.record.letters.set(id, 'offered')
    if (await send(scene, ['--from', 'load@example.net', '--to', 'ada@example.org'], scene.service.ports.smtp, text)) {
      scene.record.letters.set(id, 'taken')
      scene.record.count('delivered')
    }
    await sleep(scene.random.between(100, 1_500))
  }
}

export async function submitOn(scene: Scene): Promise<void> {
  const asSender = ['--tls', '--auth', 'PLAIN', '--auth-user', 'sender@example.org', '--auth-password', password]
  while (!scene.isOver) {
    const { id, text } = scene.record.next(scene.random.pick(sizes))
    const elsewhere = `${id}@far.test`
    scene.record.letters.set(id, 'offered')
    scene.record.submissions.set(elsewhere, 'offered')
    const args = [...asSender, '--from', 'sender@example.org', '--to', `ada@example.org,${elsewhere}`]
    if (await send(scene, args, scene.service.ports.submission, text)) {
      scene.record.letters.set(id, 'taken')
      scene.record.submissions.set(elsewhere, 'taken')
      scene.record.count('submitted')
    }
    await sleep(scene.random.between(500, 4_000))
  }
}

async function send({ record }: Scene, args: string[], port: number, text: string): Promise<boolean> {
  const { code, output } = await run('swaks', ['--server', `127.0.0.1:${port}`, ...args, '--data', '-'], text)
  if (code === 0) return true
  const refusal = [...output.matchAll(/^<[~*]\* +(\d.*)$/gm)].at(-1)?.[1]
  // Without an answer the service was away, or on its way down.
  if (refusal === undefined || /^4/.test(refusal)) record.count('refused or cut off')
  else record.problem(`swaks was told: ${refusal}`)
  return false
}
