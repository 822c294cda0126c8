/** What CAPABILITY tells (RFC 9051 §6.1.1): each name stands for all of its extension. */
import type { ImapContext } from './context.ts'

const always = ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+', 'SASL-IR', 'ID', 'ENABLE']

const afterSignIn = [
  'IDLE',
  'NOTIFY',
  'NAMESPACE',
  'CHILDREN',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'SPECIAL-USE',
  'CREATE-SPECIAL-USE',
  'UIDPLUS',
  'MOVE',
  'REPLACE',
  'UNSELECT',
  'ESEARCH',
  'SEARCHRES',
  'PARTIAL',
  'MULTISEARCH',
  'WITHIN',
  'CONDSTORE',
  'QRESYNC',
  'SORT',
  'SORT=DISPLAY',
  'THREAD=REFERENCES',
  'THREAD=ORDEREDSUBJECT',
  'ESORT',
  'MULTIAPPEND',
  'BINARY',
  'STATUS=SIZE',
  'QUOTA',
  'QUOTA=RES-STORAGE',
  'OBJECTID',
  'SAVEDATE',
  'PREVIEW',
  'UTF8=ACCEPT',
  'INPROGRESS',
  'UIDONLY',
]

export function capabilities(context: ImapContext): string[] {
  const { settings } = context.services
  if (context.account) {
    // RFC 4978 §3: not once compression is active.
    const compress = context.compressed ? [] : ['UNAUTHENTICATE', 'COMPRESS=DEFLATE']
    return [...always, ...afterSignIn, ...compress, `APPENDLIMIT=${settings.appendLimit}`]
  }
  const startTls = context.connection.secure ? [] : ['STARTTLS']
  return [...always, ...startTls, passwordsAllowed(context) ? 'AUTH=PLAIN' : 'LOGINDISABLED']
}

/** RFC 9051 §11.1: passwords travel under TLS, unless the service was set to allow otherwise. */
export function passwordsAllowed(context: ImapContext): boolean {
  return context.connection.secure || context.services.settings.plainTextAllowed
}
