/** facteur link ADDRESS; and how a link is told wherever the command line makes one. */
import { Command, InvalidArgumentError, type Option } from 'commander'
import type { IssuedLink } from '../accounts/links/credential-links.ts'
import { CODE_DIGITS } from '../accounts/links/limits.ts'
import { addressArgument, type Context, examples, flag, jsonFlag, withSettings } from './context.ts'
import { humanTime, visible } from './table.ts'

export interface LinkOptions {
  code?: number | true
  to?: string
}

export function linkCommand(context: Context): Command {
  const command = withSettings(new Command('link'))
    .description('make a new password for someone, and a single-use link that reveals it; the link before is revoked')
    .argument('<address>', 'a mailbox, a manager or one of the staff', addressArgument)
    .addOption(codeFlag())
    .addOption(toFlag())
    .addOption(jsonFlag())
    .action((address: string, options: LinkOptions & { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const link = await control.call('link.issue', { address, ...wishOf(options) })
        if (options.json) return context.printJson(link)
        context.print(linkText(link, options))
      }),
    )
  return examples(
    command,
    'facteur link alice@example.org',
    'facteur link alice@example.org --code --to alice@example.net',
    'facteur link alice@example.org --json',
  )
}

export const codeFlag = (): Option =>
  flag('--code [digits]', `ask for a code too, to be told by phone (${CODE_DIGITS.usual} digits)`).argParser(text => {
    const digits = /^\d$/.test(text) ? Number(text) : 0
    if (digits < CODE_DIGITS.least || digits > CODE_DIGITS.most)
      throw new InvalidArgumentError(`Expected a number from ${CODE_DIGITS.least} to ${CODE_DIGITS.most}.`)
    return digits
  })

export const toFlag = (): Option =>
  flag('--to <address>', 'mail the link to this address elsewhere').argParser(addressArgument)

export function wishOf({ code, to }: LinkOptions): { codeDigits: number | null; sendTo: string | null } {
  return { codeDigits: code === true ? CODE_DIGITS.usual : (code ?? null), sendTo: to ?? null }
}

export function linkText({ address, url, code, expiresAt, sentTo }: IssuedLink, { to }: LinkOptions): string {
  return [
    `Link for ${visible(address)}, good once, for ${humanTime(expiresAt, Date.now()).replace('in ', '')}:`,
    '',
    `  ${url}`,
    '',
    ...(code === null ? [] : [`Code to tell by phone: ${code}`]),
    ...(sentTo === null ? [] : [`Mailed to ${visible(sentTo)}.`]),
    ...(to !== undefined && sentTo === null
      ? [`It could not be mailed to ${visible(to)}: hand it over yourself.`]
      : []),
    '',
  ].join('\n')
}
