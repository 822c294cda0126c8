/** facteur plan … */
import { Command, InvalidArgumentError } from 'commander'
import type { PlanChange } from '../accounts/billing/plans.ts'
import { minorDigits } from '../accounts/billing/statement-csv.ts'
import {
  addressArgument,
  CommandError,
  type Context,
  examples,
  flag,
  jsonFlag,
  sizeArgument,
  withSettings,
} from './context.ts'
import { humanSize, table } from './table.ts'

export function planCommand(context: Context): Command {
  return new Command('plan')
    .description('plans: space, sending limit and price of mailboxes')
    .addCommand(list(context))
    .addCommand(add(context))
    .addCommand(change(context))
    .addCommand(assign(context))
}

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list the plans, retired ones too')
    .addOption(jsonFlag())
    .action((options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const plans = await control.call('plan.list', {})
        if (options.json) return context.printJson(plans)
        context.print(
          table(plans, [
            { title: 'PLAN', value: plan => plan.planId },
            { title: 'NAME', value: plan => plan.name },
            { title: 'SPACE', value: plan => humanSize(plan.storageBytes) },
            { title: 'HOURLY', value: plan => plan.hourlyLimit ?? '-' },
            { title: 'PRICE', value: plan => priceText(plan) },
            { title: 'MAILBOXES', value: plan => plan.mailboxes },
            { title: '', value: plan => (plan.isOffered ? '' : 'retired') },
          ]),
        )
      }),
    )
  return examples(command, 'facteur plan list', 'facteur plan list --json')
}

interface PlanOptions {
  name?: string
  description?: string
  space?: number
  hourly?: number | 'none'
  price?: string
  currency?: string
  retire?: true
  offer?: true
  json?: true
}

function withTerms(command: Command): Command {
  return command
    .addOption(flag('--name <name>', 'as people see it'))
    .addOption(flag('--description <text>', 'what it is for'))
    .addOption(flag('--space <size>', 'such as 5GB').argParser(text => sizeArgument(text)))
    .addOption(
      flag('--hourly <recipients>', 'recipients an hour, or none for the limit of the service').argParser(
        hourlyArgument,
      ),
    )
    .addOption(flag('--price <amount>', 'a month, such as 3.50'))
    .addOption(flag('--currency <code>', 'ISO 4217 (default: EUR)').argParser(currencyArgument))
    .addOption(jsonFlag())
}

function add(context: Context): Command {
  const command = withTerms(withSettings(new Command('add')).description('add a plan'))
    .argument('<plan>', 'a short name for programs: lower case letters, digits and hyphens', planArgument)
    .action((planId: string, options: PlanOptions, self: Command) =>
      context.withControl(self, async control => {
        const { name, description = '', space, hourly = 'none', price, currency = 'EUR', json } = options
        if (space === undefined || price === undefined) throw new CommandError('a plan needs --space and --price', 2)
        const plan = await control.call('plan.add', {
          planId,
          name: name ?? planId,
          description,
          storageBytes: space,
          hourlyLimit: hourly === 'none' ? null : hourly,
          monthlyPrice: minorOf(price, currency),
          currency,
          isOffered: true,
        })
        if (json) context.printJson(plan)
        else context.print(`added plan ${planId}: ${humanSize(space)}, ${priceText(plan)} a month\n`)
      }),
    )
  return examples(
    command,
    'facteur plan add small --name Small --space 5GB --price 3.00',
    'facteur plan add large --space 50GB --price 9.50 --currency EUR --hourly 500',
  )
}

function change(context: Context): Command {
  const command = withTerms(withSettings(new Command('change')))
    .description('change a plan for those who get it from now on; what was agreed stays')
    .argument('<plan>', 'the plan', planArgument)
    .addOption(flag('--retire', 'offer it no longer; those who have it keep it').conflicts('offer'))
    .addOption(flag('--offer', 'offer it again'))
    .action((planId: string, options: PlanOptions, self: Command) =>
      context.withControl(self, async control => {
        const { name, description, space, hourly, price, currency, retire, offer, json } = options
        const found = (await control.call('plan.list', {})).find(plan => plan.planId === planId)
        if (!found) throw new CommandError(`there is no plan ${planId}`)
        const wanted: PlanChange = {
          ...(name !== undefined && { name }),
          ...(description !== undefined && { description }),
          ...(space !== undefined && { storageBytes: space }),
          ...(hourly !== undefined && { hourlyLimit: hourly === 'none' ? null : hourly }),
          ...(price !== undefined && { monthlyPrice: minorOf(price, currency ?? found.currency) }),
          ...(currency !== undefined && { currency }),
          ...(retire && { isOffered: false }),
          ...(offer && { isOffered: true }),
        }
        if (Object.keys(wanted).length === 0) throw new CommandError('say what to change: see --help', 2)
        if (currency !== undefined && price === undefined)
          throw new CommandError('another currency needs its --price', 2)
        const plan = await control.call('plan.change', { planId, change: wanted })
        if (json) context.printJson(plan)
        else context.print(`changed plan ${planId}: ${humanSize(plan.storageBytes)}, ${priceText(plan)} a month\n`)
      }),
    )
  return examples(command, 'facteur plan change small --price 3.50', 'facteur plan change small --retire')
}

function assign(context: Context): Command {
  const command = withSettings(new Command('assign'))
    .description('give a mailbox a plan, with its space and its limit, from today on')
    .argument('<address>', 'the mailbox', addressArgument)
    .argument('[plan]', 'the plan', planArgument)
    .addOption(flag('--none', 'remove its plan; its quota stays'))
    .addOption(jsonFlag())
    .action((address: string, planId: string | undefined, options: { none?: true; json?: true }, self: Command) => {
      if ((planId === undefined) !== (options.none === true))
        throw new CommandError('assign takes either a plan or --none', 2)
      return context.withControl(self, async control => {
        const mailbox = await control.call('plan.assign', { address, planId: planId ?? null })
        if (options.json) context.printJson(mailbox)
        else context.print(planId ? `${mailbox.address} has the plan ${planId}\n` : `${mailbox.address} has no plan\n`)
      })
    })
  return examples(
    command,
    'facteur plan assign alice@example.org small',
    'facteur plan assign alice@example.org --none',
  )
}

function planArgument(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('Expected lower case letters, digits and hyphens, such as small.')
  return text
}

function hourlyArgument(text: string): number | 'none' {
  if (text === 'none') return text
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Expected a number, or none.')
  return Number(text)
}

function currencyArgument(text: string): string {
  const code = text.toUpperCase()
  if (!Intl.supportedValuesOf('currency').includes(code)) throw new InvalidArgumentError('Expected a code such as EUR.')
  return code
}

function minorOf(price: string, currency: string): number {
  const digits = minorDigits(currency)
  const match = /^(\d{1,7})(?:\.(\d{1,3}))?$/.exec(price)
  if (!match || (match[2] ?? '').length > digits)
    throw new CommandError(`"${price}" is no price in ${currency}, such as 3.50`, 2)
  return Number(match[1]) * 10 ** digits + Number((match[2] ?? '').padEnd(digits, '0') || 0)
}

export function priceText({ monthlyPrice, currency }: { monthlyPrice: number; currency: string }): string {
  return amountText(monthlyPrice, currency)
}

export function amountText(amount: number, currency: string): string {
  const digits = minorDigits(currency)
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`
}
