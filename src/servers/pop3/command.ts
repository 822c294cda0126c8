/** A POP3 command as an entry of the table in commands/index.ts. */
import type { CommandName, CommandNamed } from '../../wire/pop3/command.ts'
import type { Pop3Context, State } from './context.ts'

export interface Pop3Command<N extends CommandName> {
  states: readonly State[]
  /** Returns the answer, or what is left of it to send. Throws Refusal for `-ERR`. */
  run(context: Pop3Context, command: CommandNamed<N>): Promise<string>
}
