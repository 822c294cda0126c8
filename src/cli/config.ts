/** facteur config print */
import { Command } from 'commander'
import { showOrigin } from '../ops/config.ts'
import { type Context, examples, jsonFlag, withSettings } from './context.ts'
import { table } from './table.ts'

export function configCommand(context: Context): Command {
  const print = withSettings(new Command('print'))
    .description('print all settings in force, and where each came from')
    .addOption(jsonFlag())
    .action((options: { json?: true }, command: Command) => {
      const settings = context.settings(command).describe()
      if (options.json) return context.printJson(settings.map(asJson))
      context.print(
        table(settings, [
          { title: '# setting', value: ({ key }) => key },
          { title: '', value: ({ value }) => `= ${value}` },
          { title: '# from', value: ({ origin }) => `# ${showOrigin(origin)}` },
        ]),
      )
    })
  examples(print, 'facteur config print', 'facteur config print --config /etc/facteur.toml --json')
  return new Command('config').description('settings').addCommand(print)
}

const asJson = ({ key, value, origin }: ReturnType<ReturnType<Context['settings']>['describe']>[number]) => ({
  key,
  // Values are shown as TOML; its strings, numbers, booleans and arrays of them read the same in JSON.
  value: JSON.parse(value),
  origin,
})
