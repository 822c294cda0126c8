/** facteur cluster …: the nodes that share a store. */
import { Command } from 'commander'
import { CommandError, type Context, examples, jsonFlag, withSettings } from './context.ts'
import { humanTime, table } from './table.ts'

export function clusterCommand(context: Context): Command {
  return new Command('cluster').description('the nodes that share a store').addCommand(status(context))
}

function status(context: Context): Command {
  const command = withSettings(new Command('status'))
    .description('list nodes with version, roles, lag and what each has leased; exit code 1 where something is wrong')
    .addOption(jsonFlag())
    .action((options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const found = await control.call('cluster.status', {})
        const { store, redis, nodes, problems } = found
        if (options.json) context.printJson(found)
        else if (store === 'embedded' && nodes.length === 0)
          context.print('The store is in the data folder: there are no other nodes.\n')
        else {
          const now = Date.now()
          context.print(
            table(nodes, [
              { title: 'NODE', value: ({ hostname, isSelf }) => (isSelf ? `${hostname} *` : hostname) },
              { title: 'ID', value: ({ nodeId }) => nodeId },
              { title: 'VERSION', value: ({ version }) => version },
              { title: 'STATE', value: ({ state }) => state },
              { title: 'STARTED', value: ({ startedAt }) => humanTime(startedAt, now) },
              { title: 'SEEN', value: ({ seenMs }) => `${Math.round(seenMs / 1000)} s ago` },
              { title: 'STORE', value: ({ writeMs }) => `${writeMs} ms` },
              { title: 'NOTICES', value: ({ notices }) => notices },
              { title: 'DELIVERING', value: ({ leasedRecipients }) => leasedRecipients },
              { title: 'ALONE DOES', value: ({ work }) => work.join(', ') || '-' },
              { title: 'ROLES', value: ({ roles }) => roles.join(' ') },
            ]),
          )
          const others = { none: 'none is set: changes are polled', reached: 'reached', gone: 'not reached' }
          if (store !== 'embedded') context.print(`\nRedis: ${others[redis]}\n`)
        }
        if (problems.length > 0) throw new CommandError(problems.join('\nfacteur: '))
      }),
    )
  return examples(command, 'facteur cluster status', 'facteur cluster status --json')
}
