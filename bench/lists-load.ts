/**
 * Lists of a large mailbox as mail programs ask for them: by header fields, each with its own names. Few ask for ENVELOPE, which
 * the load kit's drivers do. Adds lines to a file of results, as those do.
 */
import { appendFileSync } from 'node:fs'
import net from 'node:net'
import { developerCommand, wholeNumber } from '../test/support/developer-command.ts'

const options = developerCommand(
  'npx node bench/lists-load.ts',
  'Times lists of a mailbox as mail programs ask for them.',
)
  .requiredOption('--target <name>', 'the service, in the results')
  .requiredOption('--out <file>', 'to which the results are added')
  .option('--run <number>', 'of the results', wholeNumber, 1)
  .option('--server-pids <pids>', 'not looked at')
  .option('--port <number>', 'IMAP on 127.0.0.1', wholeNumber, Number(process.env.BENCH_IMAP_PORT ?? 11143))
  .option('--user <address>', 'who signs in', 'u0001@bench.test')
  .option('--password <password>', 'with what', 'benchpass')
  .option('--mailbox <name>', 'which one', 'big')
  .option('--messages <number>', 'of the mailbox, from the first on', wholeNumber, 5_000)
  .parse()
  .opts<{
    target: string
    out: string
    run: number
    port: number
    user: string
    password: string
    mailbox: string
    messages: number
  }>()

const fields = (names: string): string => `BODY.PEEK[HEADER.FIELDS (${names})]`

/** As their sources or their connections' logs have it. */
const lists: Record<string, string> = {
  thunderbird: `UID RFC822.SIZE FLAGS ${fields('From To Cc Bcc Subject Date Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To')}`,
  apple_mail: `INTERNALDATE UID RFC822.SIZE FLAGS ${fields('date subject from to cc message-id in-reply-to references content-type x-priority x-uniform-type-identifier x-universally-unique-identifier list-id list-unsubscribe')}`,
  mutt: `UID FLAGS INTERNALDATE RFC822.SIZE ${fields('DATE FROM SENDER SUBJECT TO CC MESSAGE-ID REFERENCES CONTENT-TYPE CONTENT-DESCRIPTION IN-REPLY-TO REPLY-TO LINES LIST-POST LIST-SUBSCRIBE LIST-UNSUBSCRIBE X-LABEL X-ORIGINAL-TO')}`,
  whole_header: 'UID FLAGS BODY.PEEK[HEADER]',
}

/** Sends a command, and resolves once it is answered, whatever the answer holds. */
function ask(socket: net.Socket, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // The answer to a sign-in lists all that the server knows.
    let tail = ''
    const hear = (chunk: Buffer): void => {
      tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 2_000))).slice(-2_000)
      const end = /(?:^|\r\n)t (OK|NO|BAD)[^\r\n]*\r\n$/.exec(tail)
      if (!end) return
      socket.off('data', hear)
      if (end[1] === 'OK') resolve()
      else reject(new Error(`${command}: ${end[0].trim()}`))
    }
    socket.on('data', hear)
    socket.write(`t ${command}\r\n`)
  })
}

const socket = net.connect({ host: '127.0.0.1', port: options.port, noDelay: true })
socket.on('error', error => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
await new Promise(resolve => socket.once('data', resolve))
await ask(socket, `LOGIN ${options.user} ${options.password}`)
await ask(socket, `SELECT ${options.mailbox}`)
for (const time of ['1st', 'again'])
  for (const [program, items] of Object.entries(lists)) {
    const begun = performance.now()
    await ask(socket, `FETCH 1:${options.messages} (${items})`)
    const value = Number((performance.now() - begun).toPrecision(4))
    const line = {
      target: options.target,
      run: options.run,
      bench: 'imap',
      metric: `list_${program}_${time}_ms`,
      value,
    }
    appendFileSync(options.out, `${JSON.stringify({ ...line, unit: 'ms' })}\n`)
  }
socket.end()
