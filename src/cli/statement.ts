/** facteur statement */
import { Command, InvalidArgumentError } from 'commander'
import { isMonth } from '../accounts/billing/calendar.ts'
import { totalsOf } from '../accounts/billing/proration.ts'
import { csvHeader, csvLines } from '../accounts/billing/statement-csv.ts'
import type { Language } from '../store/types/principals.ts'
import { addressArgument, type Context, domainArgument, examples, flag, jsonFlag, withSettings } from './context.ts'
import { amountText } from './plan.ts'
import { table } from './table.ts'

interface StatementOptions {
  month?: string
  domain?: string
  manager?: string
  csv?: true
  json?: true
  language: Language
}

export function statementCommand(context: Context): Command {
  const command = withSettings(new Command('statement'))
    .description('what a month costs, mailbox by mailbox, by the day')
    .addOption(flag('--month <month>', 'as 2026-11 (default: the one that runs)').argParser(monthArgument))
    .addOption(flag('--domain <domain>', 'of one domain').argParser(domainArgument))
    .addOption(flag('--manager <address>', 'of the domains of one manager').argParser(addressArgument))
    .addOption(flag('--csv', 'for a spreadsheet').conflicts('json'))
    .addOption(
      flag('--language <code>', 'of the CSV: fr has semicolons and decimal commas').choices(['fr', 'en']).default('en'),
    )
    .addOption(jsonFlag())
    .action((options: StatementOptions, self: Command) =>
      context.withControl(self, async control => {
        const { month = null, domain = null, manager = null, csv, json, language } = options
        const domains = await control.call('statement.show', { month, domain, manager })
        if (json) return context.printJson(domains)
        if (csv) return context.print([csvHeader(language), ...domains.map(each => csvLines(each, language))].join(''))
        const lines = domains.flatMap(each => each.lines)
        context.print(
          table(lines, [
            { title: 'MAILBOX', value: line => line.address },
            { title: 'PLAN', value: line => line.planName },
            { title: 'FROM', value: line => line.from },
            { title: 'UNTIL', value: line => line.until },
            { title: 'DAYS', value: line => line.days },
            { title: 'AMOUNT', value: line => amountText(line.amount, line.currency) },
          ]),
        )
        for (const { currency, amount } of totalsOf(lines)) context.print(`total ${amountText(amount, currency)}\n`)
      }),
    )
  return examples(
    command,
    'facteur statement --month 2026-11',
    'facteur statement --month 2026-11 --domain example.org --csv --language fr > releve.csv',
  )
}

function monthArgument(text: string): string {
  if (!isMonth(text)) throw new InvalidArgumentError('Expected a month such as 2026-11.')
  return text
}
