/** The table of all POP3 commands: RFC 1939, RFC 2449 (CAPA), RFC 2595 (STLS), RFC 5034 (AUTH), RFC 6856 (UTF8). */
import type { CommandName } from '../../../wire/pop3/command.ts'
import type { Pop3Command } from '../command.ts'
import { capa } from './capa.ts'
import { dele, rset } from './dele.ts'
import { list, stat, uidl } from './list.ts'
import { noop } from './noop.ts'
import { quit } from './quit.ts'
import { retr, top } from './retr.ts'
import { auth, pass, user } from './sign-in.ts'
import { stls } from './stls.ts'
import { utf8 } from './utf8.ts'

export const commands: { readonly [N in CommandName]: Pop3Command<N> } = {
  CAPA: capa,
  STLS: stls,
  UTF8: utf8,
  USER: user,
  PASS: pass,
  AUTH: auth,
  STAT: stat,
  LIST: list,
  UIDL: uidl,
  RETR: retr,
  TOP: top,
  DELE: dele,
  RSET: rset,
  NOOP: noop,
  QUIT: quit,
}
