/** facteur script …: the scripts that come before the filters of owners. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { SCRIPT_BYTES } from '../mail/rules/limits.ts'
import { checkedScript, type ScriptCheck } from '../mail/rules/script-check.ts'
import {
  CommandError,
  type Context,
  domainArgument,
  examples,
  flag,
  jsonFlag,
  reasonOf,
  withSettings,
} from './context.ts'
import { humanSize, humanTime, table } from './table.ts'

interface ScopeOptions {
  domain?: string
  json?: true
}

export function scriptCommand(context: Context): Command {
  return new Command('script')
    .description('scripts in Sieve that come before the filters of owners: of a domain, and of the whole service')
    .addCommand(list(context))
    .addCommand(show(context))
    .addCommand(check(context))
    .addCommand(set(context))
    .addCommand(activate(context, 'activate', true))
    .addCommand(activate(context, 'deactivate', false))
    .addCommand(remove(context))
    .addHelpText(
      'after',
      '\nThe script of the service is run first, then that of the domain, then the\nfilters of the owner, then the auto-reply. Each goes on with what the one before\n' +
        'left in the inbox. A script of a domain may neither redirect nor notify.',
    )
}

const domainFlag = () =>
  flag('--domain <domain>', 'of that domain (default: of the whole service)').argParser(domainArgument)
const scopeText = (domain: string | null | undefined): string => domain ?? 'the service'

function list(context: Context): Command {
  const command = withSettings(new Command('list'))
    .description('list the scripts there are')
    .addOption(jsonFlag())
    .action((options: { json?: true }, self: Command) =>
      context.withControl(self, async control => {
        const scripts = await control.call('script.list', {})
        if (options.json) return context.printJson(scripts)
        context.print(
          table(scripts, [
            { title: 'OF', value: script => scopeText(script.domain) },
            { title: 'STATE', value: script => (script.isActive ? 'active' : 'off') },
            { title: 'SIZE', value: script => humanSize(script.sizeBytes) },
            { title: 'CHANGED', value: script => humanTime(script.updatedAt, Date.now()) },
          ]),
        )
      }),
    )
  return examples(command, 'facteur script list', 'facteur script list --json')
}

function show(context: Context): Command {
  const command = withSettings(new Command('show'))
    .description('print a script')
    .addOption(domainFlag())
    .addOption(jsonFlag())
    .action(({ domain = undefined, json }: ScopeOptions, self: Command) =>
      context.withControl(self, async control => {
        const { script, failure } = await control.call('script.get', { domain: domain ?? null })
        if (!script) throw new CommandError(`${scopeText(domain)} has no script`)
        if (!json) return context.print(script.source.endsWith('\n') ? script.source : `${script.source}\n`)
        context.printJson({ domain: domain ?? null, ...script, failure })
      }),
    )
  return examples(command, 'facteur script show', 'facteur script show --domain example.org > example.org.sieve')
}

const fileArgument = ['[file]', 'the script; standard input where none is named, or -'] as const

function check(context: Context): Command {
  const command = new Command('check')
    .description("say what is wrong with a script, and what may go wrong; ends with 1 where it can't be set")
    .argument(...fileArgument)
    .addOption(flag('--domain <domain>', 'as the script of a domain, which may do less').argParser(domainArgument))
    .addOption(jsonFlag())
    .action(async (file: string | undefined, { domain, json }: ScopeOptions) => {
      const result = await checked(context, await read(context, file), file, domain)
      if (json) context.printJson({ ok: result.problems.length === 0, ...result })
      else if (result.problems.length === 0) context.print('the script is valid\n')
      if (result.problems.length > 0) throw new CommandError('the script is wrong')
    })
  return examples(
    command,
    'facteur script check service.sieve',
    'facteur script check --domain example.org rules.sieve',
    'facteur script check --json < rules.sieve',
  )
}

function set(context: Context): Command {
  const command = withSettings(new Command('set'))
    .description('set a script, which is run from now on')
    .argument(...fileArgument)
    .addOption(domainFlag())
    .addOption(flag('--inactive', 'keep it without running it'))
    .addOption(
      flag(
        '--replaces <revision>',
        'only in the place of that one, as script show --json says; none where there is none',
      ).argParser(revisionArgument),
    )
    .action(
      async (
        file: string | undefined,
        { domain, inactive, replaces }: ScopeOptions & { inactive?: true; replaces?: number | 'none' },
        self: Command,
      ) => {
        const source = await read(context, file)
        const { problems } = await checked(context, source, file, domain)
        if (problems.length > 0) throw new CommandError('the script is wrong, and was not set')
        await context.withControl(self, async control => {
          const revision = replaces === 'none' ? null : replaces
          const wanted = { domain: domain ?? null, source, isActive: inactive !== true }
          await control.call('script.put', { ...wanted, ...(revision !== undefined && { revision }) })
          context.print(`${scopeText(domain)} has a script${inactive ? ' that is not run' : ''}\n`)
        })
      },
    )
  return examples(
    command,
    'facteur script set --domain example.org rules.sieve',
    'facteur script set < service.sieve',
    'facteur script set --domain example.org --replaces 1764215000000 rules.sieve',
  )
}

function activate(context: Context, name: string, isActive: boolean): Command {
  const command = withSettings(new Command(name))
    .description(isActive ? 'run a script that is kept' : 'keep a script without running it')
    .addOption(domainFlag())
    .action(({ domain }: ScopeOptions, self: Command) =>
      context.withControl(self, async control => {
        await control.call('script.activate', { domain: domain ?? null, isActive })
        context.print(`the script of ${scopeText(domain)} is ${isActive ? 'run' : 'not run'} from now on\n`)
      }),
    )
  return examples(command, `facteur script ${name} --domain example.org`)
}

function remove(context: Context): Command {
  const command = withSettings(new Command('remove'))
    .description('remove a script')
    .addOption(domainFlag())
    .action(({ domain }: ScopeOptions, self: Command) =>
      context.withControl(self, async control => {
        await control.call('script.remove', { domain: domain ?? null })
        context.print(`removed the script of ${scopeText(domain)}\n`)
      }),
    )
  return examples(command, 'facteur script remove --domain example.org')
}

/** Problems and warnings go to standard error, each a line as compilers have them. */
async function checked(
  context: Context,
  source: string,
  file: string | undefined,
  domain: string | undefined,
): Promise<ScriptCheck> {
  const result = await checkedScript(domain ?? null, source)
  const name = file === undefined || file === '-' ? 'script' : file
  for (const { line, column, message } of result.problems) context.complain(`${name}:${line}:${column}: ${message}`)
  for (const { line, column, message } of result.warnings)
    context.complain(`${name}:${line}:${column}: warning: ${message}`)
  return result
}

async function read({ terminal }: Context, file: string | undefined): Promise<string> {
  const bytes =
    file === undefined || file === '-'
      ? await readStandardInput(terminal.stdin)
      : await readNamed(terminal.folder, file)
  if (bytes.length > SCRIPT_BYTES) throw new CommandError(`the script is longer than ${SCRIPT_BYTES} bytes`)
  const source = textOf(bytes)
  // A pipe that brought nothing is no wish for a script that does nothing.
  if (source.trim() === '') throw new CommandError('the script is empty')
  return source
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandError('the script is not UTF-8')
  }
}

async function readNamed(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(path.resolve(folder, file))
  } catch (error) {
    throw new CommandError(`${file} can't be read: ${reasonOf(error)}`)
  }
}

async function readStandardInput(stdin: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    chunks.push(bytes)
    // Enough to tell that it is too long.
    if ((length += bytes.length) > SCRIPT_BYTES) break
  }
  return Buffer.concat(chunks)
}

function revisionArgument(text: string): number | 'none' {
  if (text === 'none') return text
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Expected a revision, or none.')
  return Number(text)
}
