/** Real clients: swaks, and Postfix's smtp-source. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInstalled, run } from './fixtures/programs.ts'
import { type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
beforeEach(async () => {
  service = await startSmtp()
})
afterEach(async () => {
  await service.close()
})

describe.skipIf(!isInstalled('swaks'))('swaks (skipped where it is not installed)', () => {
  const swaks = (port: number, ...args: string[]) =>
    run('swaks', ['--server', `127.0.0.1:${port}`, '--helo', 'client.test', '--body', 'from swaks', ...args])
  const login = ['--auth-user', 'anna@here.test', '--auth-password', 'secret']
  const fromAnna = ['--from', 'anna@here.test', '--to', 'bob@here.test']

  it('delivers on port 25', async () => {
    const args = ['--from', 'a@away.test', '--to', 'anna@here.test,bob@here.test', '--pipeline']
    expect(await swaks(service.ports.inbound, ...args)).toMatchObject({ code: 0 })
    expect((await service.inbox('bob@here.test'))[0]).toContain('from swaks')
  })

  it('delivers on port 25 with STARTTLS', async () => {
    const { code, output } = await swaks(
      service.ports.inbound,
      '--from',
      'a@away.test',
      '--to',
      'anna@here.test',
      '-tls',
    )
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('TLS started') })
    expect((await service.inbox('anna@here.test'))[0]).toContain('with ESMTPS id')
  })

  it('is not relayed for', async () => {
    const { code, output } = await swaks(service.ports.inbound, '--from', 'a@away.test', '--to', 'x@elsewhere.test')
    expect(code).not.toBe(0)
    expect(output).toContain('550 5.7.1 <x@elsewhere.test>: Relaying denied')
  })

  it.each(['PLAIN', 'LOGIN'])('submits on 465 with AUTH %s', async mechanism => {
    const args = ['--tls-on-connect', '--auth', mechanism, ...login, ...fromAnna]
    expect(await swaks(service.ports.submissions, ...args)).toMatchObject({ code: 0 })
    expect((await service.inbox('bob@here.test'))[0]).toContain('with ESMTPSA id')
  })

  it('submits on 587 with STARTTLS', async () => {
    const args = ['-tls', '--auth', ...login, ...fromAnna]
    expect(await swaks(service.ports.submission, ...args)).toMatchObject({ code: 0 })
    expect(await service.inbox('bob@here.test')).toHaveLength(1)
  })

  it('does not get in with a wrong password', async () => {
    const args = ['-tls', '--auth', 'PLAIN', '--auth-user', 'anna@here.test', '--auth-password', 'guess', ...fromAnna]
    const { code, output } = await swaks(service.ports.submission, ...args)
    expect(code).not.toBe(0)
    expect(output).toContain('535 5.7.8 Authentication credentials invalid')
  })

  it('does not send without a sign-in', async () => {
    const { code, output } = await swaks(service.ports.submission, '-tls', ...fromAnna)
    expect(code).not.toBe(0)
    expect(output).toContain('530 5.7.0 Authentication required')
  })
})

describe.skipIf(!isInstalled('smtp-source'))('smtp-source of Postfix (skipped where it is not installed)', () => {
  it('delivers a thousand messages over twenty connections, each once', async () => {
    const to = `127.0.0.1:${service.ports.inbound}`
    const args = ['-s', '20', '-m', '1000', '-l', '4000', '-f', 'a@away.test', '-t', 'anna@here.test', to]
    expect(await run('smtp-source', args)).toEqual({ code: 0, output: '' })
    expect(await service.inbox('anna@here.test')).toHaveLength(1000)
  })

  it('keeps its connections for many messages', async () => {
    const to = `127.0.0.1:${service.ports.inbound}`
    const args = ['-d', '-s', '5', '-m', '200', '-l', '4000', '-f', '', '-t', 'anna@here.test', to]
    expect(await run('smtp-source', args)).toEqual({ code: 0, output: '' })
    expect(await service.inbox('anna@here.test')).toHaveLength(200)
    await expect.poll(() => service.log.filter(({ message }) => message === 'session ended').length).toBe(5)
  })
})
