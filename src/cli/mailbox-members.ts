/** facteur mailbox member … */
import { Command } from 'commander'
import { addressArgument, type Context, examples, flag, jsonFlag, withSettings } from './context.ts'
import { table } from './table.ts'

export function memberCommand(context: Context): Command {
  const group = new Command('member').description('who reads a shared mailbox, and who sends for it')

  const add = withSettings(new Command('add'))
    .description('let someone read a shared mailbox, or change what he may')
    .argument('<address>', 'of the shared mailbox', addressArgument)
    .argument('<member>', "address of the member's own mailbox", addressArgument)
    .addOption(flag('--read-only', 'may not send under its address'))
    .action((address: string, member: string, options: { readOnly?: true }, self: Command) =>
      context.withControl(self, async control => {
        await control.call('member.set', { address, member, maySend: !options.readOnly })
        context.print(`${member} reads ${address}${options.readOnly ? '' : ', and sends for it'}\n`)
      }),
    )
  examples(add, 'facteur mailbox member add support@example.org alice@example.org')

  const list = withSettings(new Command('list'))
    .description('list the members of a shared mailbox')
    .argument('<address>', 'of the shared mailbox', addressArgument)
    .addOption(jsonFlag())
    .action((address: string, options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const members = await control.call('member.list', { address })
        if (options.json)
          return context.printJson(members.map(({ address: member, name, maySend }) => ({ member, name, maySend })))
        context.print(
          table(members, [
            { title: 'MEMBER', value: row => row.address },
            { title: 'SENDS', value: row => (row.maySend ? 'yes' : 'no') },
          ]),
        )
      }),
    )
  examples(list, 'facteur mailbox member list support@example.org')

  const remove = withSettings(new Command('remove'))
    .description('end the membership, and what was set up to sign in for it; filters stay, whoever wrote them')
    .argument('<address>', 'of the shared mailbox', addressArgument)
    .argument('<member>', "address of the member's own mailbox", addressArgument)
    .action((address: string, member: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        await control.call('member.remove', { address, member })
        context.print(`${member} no longer reads ${address}\n`)
      }),
    )
  examples(remove, 'facteur mailbox member remove support@example.org alice@example.org')

  return group.addCommand(add).addCommand(list).addCommand(remove)
}
