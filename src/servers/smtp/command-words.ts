/** What is told of a command by its words alone. */
import type { Activity } from '../activity.ts'

const working = new Set(['MAIL', 'RCPT', 'DATA', 'BDAT', 'AUTH'])
/** What strangers make up has no count. */
const counted = new Set('EHLO HELO MAIL RCPT DATA BDAT AUTH STARTTLS RSET NOOP QUIT VRFY EXPN HELP'.split(' '))

export const hasParameters = (command: Buffer): boolean => command.toString().trimEnd().includes(' ')

/** Brings a message nearer; the others count as idle. */
export const isWorking = (command: Buffer): boolean => working.has(command.toString('latin1', 0, 4).toUpperCase())

export function countCommand(activity: Activity | undefined, command: Buffer): void {
  const verb = /^[A-Z]{4,8}/i.exec(command.toString('latin1', 0, 8))?.[0].toUpperCase()
  if (verb !== undefined && counted.has(verb)) activity?.command(verb)
}
