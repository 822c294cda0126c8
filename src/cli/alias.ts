/** facteur alias …, facteur group … */
import { Command } from 'commander'
import type { AliasKind, AliasRow } from '../store/types.ts'
import { addressArgument, type Context, domainArgument, examples, flag, jsonFlag, withSettings } from './context.ts'
import { type Column, readableName, table } from './table.ts'

interface Words {
  kind: AliasKind
  description: string
  add: string
  leadsTo: string
}

const words: Record<AliasKind, Words> = {
  alias: {
    kind: 'alias',
    description: 'addresses that lead to other addresses',
    add: 'let an address lead to others, here or elsewhere; replaces where it led before',
    leadsTo: 'leads to',
  },
  group: {
    kind: 'group',
    description: 'lists of people under one address; members read what is sent to it',
    add: 'give a list of people, here or elsewhere, one address; replaces the previous list',
    leadsTo: 'is',
  },
}

const columns: Record<AliasKind, Column<AliasRow>[]> = {
  alias: [
    { title: 'ADDRESS', value: row => readableName(row.address) },
    { title: 'LEADS TO', value: row => row.targets.join(', ') },
  ],
  group: [
    { title: 'ADDRESS', value: row => readableName(row.address) },
    { title: 'NAME', value: row => row.name || '-' },
    { title: 'MEMBERS', value: row => row.targets.join(', ') },
  ],
}

export const aliasCommand = (context: Context): Command => commandOf(context, words.alias)
export const groupCommand = (context: Context): Command => commandOf(context, words.group)

function commandOf(context: Context, { kind, description, add: addText, leadsTo }: Words): Command {
  const group = new Command(kind).description(description)
  const example = kind === 'alias' ? 'info@example.org' : 'team@example.org'

  const add = withSettings(new Command('add'))
    .description(addText)
    .argument('<address>', 'of a domain of this service', addressArgument)
    .argument('<targets...>', 'where its mail goes', (text, all: string[] = []) => [...all, addressArgument(text)])
  if (kind === 'group') add.addOption(flag('--name <name>', 'as people call it'))
  add.action((address: string, targets: string[], { name }: { name?: string }, command: Command) =>
    context.withControl(command, async control => {
      const added = await control.call('alias.add', { address, targets, kind, ...(name !== undefined && { name }) })
      context.print(`${added.address} ${leadsTo} ${added.targets.join(', ')}\n`)
    }),
  )
  examples(add, `facteur ${kind} add ${example} alice@example.org bob@example.net`)

  const list = withSettings(new Command('list'))
    .description(kind === 'alias' ? 'list the aliases' : 'list the groups')
    .addOption(flag('--domain <domain>', 'of this domain only').argParser(domainArgument))
    .addOption(jsonFlag())
    .action((options: { json?: true; domain?: string }, command: Command) =>
      context.withControl(command, async control => {
        const aliases = await control.all('alias.list', { domain: options.domain ?? null, kind }, row => row.address)
        if (options.json)
          context.printJson(
            aliases.map(({ address, name, targets, createdAt }) => ({
              address,
              ...(kind === 'group' && { name }),
              targets,
              createdAt,
            })),
          )
        else context.print(table(aliases, columns[kind]))
      }),
    )
  examples(list, `facteur ${kind} list`, `facteur ${kind} list --domain example.org --json`)

  const remove = withSettings(new Command('remove'))
    .description(kind === 'alias' ? 'remove an alias' : 'remove a group')
    .argument('<address>', `of the ${kind}`, addressArgument)
    .action((address: string, _: object, command: Command) =>
      context.withControl(command, async control => {
        await control.call('alias.remove', { address, kind })
        context.print(`removed ${kind} ${address}\n`)
      }),
    )
  examples(remove, `facteur ${kind} remove ${example}`)

  return group.addCommand(add).addCommand(list).addCommand(remove)
}
