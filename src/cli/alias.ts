/** facteur alias … */
import { Command } from 'commander'
import { addressArgument, type Context, domainArgument, examples, flag, jsonFlag, withSettings } from './context.ts'
import { table } from './table.ts'

export function aliasCommand(context: Context): Command {
  const group = new Command('alias').description('addresses that lead to other addresses')

  const add = withSettings(new Command('add'))
    .description('let an address lead to others, here or elsewhere; replaces where it led before')
    .argument('<address>', 'of a domain of this service', addressArgument)
    .argument('<targets...>', 'where its mail goes', (text, all: string[] = []) => [...all, addressArgument(text)])
    .action((address: string, targets: string[], _: object, command: Command) =>
      context.withControl(command, async control => {
        const alias = await control.call('alias.add', { address, targets })
        context.print(`${alias.address} leads to ${alias.targets.join(', ')}\n`)
      }),
    )
  examples(add, 'facteur alias add info@example.org alice@example.org bob@example.net')

  const list = withSettings(new Command('list'))
    .description('list the aliases')
    .addOption(flag('--domain <domain>', 'of this domain only').argParser(domainArgument))
    .addOption(jsonFlag())
    .action((options: { json?: true; domain?: string }, command: Command) =>
      context.withControl(command, async control => {
        const aliases = await control.all('alias.list', { domain: options.domain ?? null }, alias => alias.address)
        if (options.json)
          context.printJson(
            aliases.map(({ address, targets, createdAt }) => ({
              address,
              targets,
              createdAt: new Date(createdAt).toISOString(),
            })),
          )
        else
          context.print(
            table(aliases, [
              { title: 'ADDRESS', value: alias => alias.address },
              { title: 'LEADS TO', value: alias => alias.targets.join(', ') },
            ]),
          )
      }),
    )
  examples(list, 'facteur alias list', 'facteur alias list --domain example.org --json')

  const remove = withSettings(new Command('remove'))
    .description('remove an alias')
    .argument('<address>', 'of the alias', addressArgument)
    .action((address: string, _: object, command: Command) =>
      context.withControl(command, async control => {
        await control.call('alias.remove', { address })
        context.print(`removed alias ${address}\n`)
      }),
    )
  examples(remove, 'facteur alias remove info@example.org')

  return group.addCommand(add).addCommand(list).addCommand(remove)
}
