/** facteur service …: what staff set for the whole service, from the command line. */
import { Command, InvalidArgumentError } from 'commander'
import { catalogue, isSettingKey, type SettingKey, settingKeys } from '../accounts/service-settings/catalogue.ts'
import { type Context, examples, jsonFlag, withSettings } from './context.ts'
import { table } from './table.ts'

export function serviceCommand(context: Context): Command {
  return new Command('service')
    .description('settings of the service that live in its store: name, support address, servers to choose from …')
    .addCommand(list(context))
    .addCommand(set(context))
    .addCommand(reset(context))
}

function list(context: Context): Command {
  const command = withSettings(new Command('settings'))
    .description('list the settings of the service; docs/operate/service-settings.md says what each is')
    .addOption(jsonFlag())
    .action((options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const values = await control.call('service.settings', {})
        if (options.json) return context.printJson(values)
        context.print(
          table(settingKeys, [
            { title: 'SETTING', value: key => key },
            { title: 'VALUE', value: key => shown(values[key]) },
            { title: '', value: key => catalogue[key].doc.en[0] },
          ]),
        )
      }),
    )
  return examples(command, 'facteur service settings', 'facteur service settings --json')
}

function set(context: Context): Command {
  const command = withSettings(new Command('set'))
    .description('change a setting of the service')
    .argument('<setting>', 'as service settings lists it', keyArgument)
    .argument('<value>', 'its value; lists as JSON')
    .action((key: SettingKey, value: string, _: object, self: Command) =>
      context.withControl(self, async control => {
        const values = await control.call('service.set', { key, value })
        context.print(`${key} is ${shown(values[key])}\n`)
      }),
    )
  return examples(
    command,
    'facteur service set name "Courrier"',
    'facteur service set linkExpiryDays 3',
    `facteur service set servers '[{"name": "Mail 2", "url": "https://mail2.example.org", "domains": ["example.org"]}]'`,
  )
}

function reset(context: Context): Command {
  const command = withSettings(new Command('reset'))
    .description('put a setting of the service back to its default')
    .argument('<setting>', 'as service settings lists it', keyArgument)
    .action((key: SettingKey, _: object, self: Command) =>
      context.withControl(self, async control => {
        const values = await control.call('service.set', { key, value: null })
        context.print(`${key} is ${shown(values[key])}\n`)
      }),
    )
  return examples(command, 'facteur service reset name')
}

function keyArgument(text: string): SettingKey {
  if (!isSettingKey(text)) throw new InvalidArgumentError(`Expected one of ${settingKeys.join(', ')}.`)
  return text
}

const shown = (value: unknown): string =>
  value === null || (Array.isArray(value) && value.length === 0)
    ? '-'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
