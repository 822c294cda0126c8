/** Where a password comes from: standard input, or a question on a terminal. */
import { CommandError, type Terminal } from './context.ts'

/** The sign-in commands of no protocol carry more. */
const PASSWORD_BYTES = 1024
/** The first line of standard input. */
export async function readPassword(terminal: Terminal): Promise<string> {
  let text = ''
  for await (const chunk of terminal.stdin) {
    text += chunk
    if (text.includes('\n') || text.length > PASSWORD_BYTES) break
  }
  return checked(text.split(/\r?\n/, 1)[0] ?? '')
}

/** Asks twice, showing nothing of what is typed. */
export async function askPassword(terminal: Terminal, address: string): Promise<string> {
  const first = checked(await askHidden(terminal, `Password for ${address}: `))
  const second = await askHidden(terminal, 'Again: ')
  if (first !== second) throw new CommandError('the passwords differ; nothing was changed')
  return first
}

function checked(password: string): string {
  if (password === '') throw new CommandError('the password is empty; nothing was changed')
  if (Buffer.byteLength(password) > PASSWORD_BYTES)
    throw new CommandError(`the password is longer than ${PASSWORD_BYTES} bytes; nothing was changed`)
  return password
}

function askHidden(terminal: Terminal, question: string): Promise<string> {
  const { stdin, stderr } = terminal
  // Before the question: who answers quickly must not see it either.
  stdin.setRawMode?.(true)
  stderr.write(question)
  return new Promise((resolve, reject) => {
    let typed = ''
    const end = (): void => {
      stdin.off('data', take).pause()
      stdin.setRawMode?.(false)
      stderr.write('\n')
    }
    const take = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') {
          end()
          resolve(typed)
          return
        }
        // Ctrl-C and Ctrl-D: in raw mode the terminal doesn't turn them into signals.
        if (character === '\x03' || character === '\x04') {
          end()
          reject(new CommandError('nothing was changed', 130))
          return
        }
        if (character === '\x7f' || character === '\b') typed = [...typed].slice(0, -1).join('')
        else if (character >= ' ') typed += character
      }
    }
    stdin.on('data', take).resume()
  })
}
