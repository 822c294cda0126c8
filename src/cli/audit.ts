/** facteur audit */
import { Command } from 'commander'
import type { AuditRow } from '../store/types/service.ts'
import { type Context, countArgument, examples, flag, jsonFlag, withSettings } from './context.ts'
import { humanTime, table } from './table.ts'

interface AuditOptions {
  action?: string
  search?: string
  limit: number
  json?: true
}

export function auditCommand(context: Context): Command {
  const command = withSettings(new Command('audit'))
    .description('who changed what, latest first')
    .addOption(flag('--action <action>', 'such as link.create, or link. for every action with that prefix'))
    .addOption(flag('--search <text>', 'in who did it or what it was done to'))
    .addOption(flag('--limit <count>', 'entries shown').default(50).argParser(countArgument))
    .addOption(jsonFlag())
    .action(({ action, search = '', limit, json }: AuditOptions, self: Command) =>
      context.withControl(self, async control => {
        const entries = await control.call('audit.list', { action: action ?? null, search, before: null, limit })
        if (json) return context.printJson(entries)
        const now = Date.now()
        context.print(
          table(entries, [
            { title: 'WHEN', value: ({ at }) => humanTime(at, now) },
            { title: 'WHO', value: ({ actor }) => actor },
            { title: 'FROM', value: ({ remoteAddress, via }) => remoteAddress || via },
            { title: 'ACTION', value: entry => entry.action },
            { title: 'OF', value: ({ target }) => target },
            { title: 'CHANGE', value: changeText },
          ]),
        )
      }),
    )
  return examples(command, 'facteur audit', 'facteur audit --action link. --search alice@example.org --json')
}

/** `quotaBytes: 1000 → 2000`; what is new or gone has one side alone. */
function changeText({ before, after }: AuditRow): string {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return keys
    .map(key => {
      const sides = [before, after]
        .filter(side => side !== null && key in side)
        .map(side => JSON.stringify(side?.[key]))
      return `${key}: ${sides.join(' → ')}`
    })
    .join(', ')
}
