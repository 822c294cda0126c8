/** facteur token … */
import { Command, InvalidArgumentError } from 'commander'
import { isScope, type Scope, scopes } from '../accounts/scopes.ts'
import { parseDuration } from '../ops/config-kinds.ts'
import { addressArgument, type Context, examples, flag, jsonFlag, withSettings } from './context.ts'
import { humanTime, table, visible } from './table.ts'

export function tokenCommand(context: Context): Command {
  return new Command('token')
    .description('what programs sign in to the API with')
    .addCommand(create(context))
    .addCommand(list(context))
    .addCommand(revoke(context))
}

interface CreateOptions {
  scope: Scope[]
  expires: number | 'never'
  label: string
  json?: true
}

function create(context: Context): Command {
  const command = withSettings(new Command('create'))
    .description('make a token that acts as a user, within the scopes given')
    .argument('<address>', 'the user it acts for; it never has more rights than that user', addressArgument)
    .addOption(flag('--scope <scopes...>', scopes.join(', ')).argParser(collectScope).makeOptionMandatory())
    .addOption(flag('--expires <duration>', 'such as 90d, or never').argParser(expiryArgument).makeOptionMandatory())
    .addOption(flag('--label <label>', 'what it is for').default('command line'))
    .addOption(jsonFlag())
    .action((address: string, { scope, expires, label, json }: CreateOptions, self: Command) =>
      context.withControl(self, async control => {
        const expiresAt = expires === 'never' ? null : Date.now() + expires
        const made = await control.call('token.create', { address, label, scopes: scope, expiresAt })
        if (json) return context.printJson({ ...made, expiresAt })
        context.print(`${made.secret}\n`)
        context.complain('The token is shown this once. Use: Authorization: Bearer TOKEN')
      }),
    )
  return examples(
    command,
    'facteur token create alice@example.org --scope directory:read --expires 90d',
    'facteur token create alice@example.org --scope directory:read directory:write --expires never --label CRM',
  )
}

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list the tokens of a user')
    .argument('<address>', 'the user', addressArgument)
    .addOption(jsonFlag())
    .action((address: string, { json }: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const tokens = await control.call('token.list', { address })
        if (json) return context.printJson(tokens)
        const now = Date.now()
        context.print(
          table(tokens, [
            { title: 'ID', value: ({ tokenId }) => tokenId },
            { title: 'LABEL', value: ({ label }) => label },
            { title: 'SCOPES', value: token => token.scopes.join(' ') },
            {
              title: 'EXPIRES',
              value: ({ expiresAt }) => (expiresAt === null ? 'never' : humanTime(expiresAt, now)),
            },
            {
              title: 'LAST USED',
              value: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : humanTime(lastUsedAt, now)),
            },
          ]),
        )
      }),
    )
  return examples(command, 'facteur token list alice@example.org')
}

function revoke(context: Context): Command {
  const command = withSettings(new Command('revoke'))
    .description('end a token at once')
    .argument('<address>', 'the user', addressArgument)
    .argument('<id>', 'as facteur token list shows it')
    .action((address: string, tokenId: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        await control.call('token.revoke', { address, tokenId })
        context.print(`revoked token ${visible(tokenId)}\n`)
      }),
    )
  return examples(command, 'facteur token revoke alice@example.org PpW0yU1bq9dM4kXn')
}

function collectScope(text: string, all: Scope[] = []): Scope[] {
  const given = text.split(',').map(one => one.trim())
  const wrong = given.find(one => !isScope(one))
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is not a scope: ${scopes.join(', ')}.`)
  return [...all, ...given.filter(isScope)]
}

function expiryArgument(text: string): number | 'never' {
  if (text === 'never') return text
  const ms = parseDuration(text)
  if (ms === undefined || ms === 0) throw new InvalidArgumentError('Expected a duration such as 90d, or never.')
  return ms
}
