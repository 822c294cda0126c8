/** The command line put together, and how it ends: see `exitCodes`; other than 0 has a line on standard error. */
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../ops/config.ts'
import { ControlError } from '../ops/control.ts'
import { packageVersion } from '../ops/version.ts'
import { StoreError } from '../store/store.ts'
import { aliasCommand, groupCommand } from './alias.ts'
import { auditCommand } from './audit.ts'
import { checkCommand } from './check.ts'
import { clusterCommand } from './cluster.ts'
import { configCommand } from './config.ts'
import { CommandError, createContext, exitCodes, type Terminal } from './context.ts'
import { domainCommand } from './domain.ts'
import { drainCommand } from './drain.ts'
import { importCommand } from './import.ts'
import { linkCommand } from './link.ts'
import { mailboxCommand } from './mailbox.ts'
import { planCommand } from './plan.ts'
import { queueCommand } from './queue.ts'
import { scriptCommand } from './script.ts'
import { sendingCommand } from './sending.ts'
import { serveCommand } from './serve.ts'
import { serviceCommand } from './service.ts'
import { statementCommand } from './statement.ts'
import { storeCommand } from './store.ts'
import { visible } from './table.ts'
import { tokenCommand } from './token.ts'
import { traceCommand } from './trace.ts'
import { userCommand } from './user.ts'
import { verifyCommand } from './verify.ts'
import { webhookCommand } from './webhook.ts'

/** Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const flagVariables = new Set<string>()
  const context = createContext(terminal, flagVariables)
  const program = new Command('facteur')
    .description(
      'A mail hosting service in one program. Commands act on the running service of a data folder, or on its store where none runs.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .addHelpText(
      'after',
      '\nEvery command has --help.\n--config, --data and --json can be given in the environment too: FACTEUR_DATA.\nSettings: docs/operate/settings.md, facteur config print.\nExit codes: 0 done, 1 refused or failed, 2 wrongly called, 3 nothing found.',
    )
  const groups = [
    serveCommand,
    domainCommand,
    mailboxCommand,
    aliasCommand,
    groupCommand,
    userCommand,
    linkCommand,
    tokenCommand,
    auditCommand,
    planCommand,
    statementCommand,
    webhookCommand,
    queueCommand,
    sendingCommand,
    traceCommand,
    scriptCommand,
    importCommand,
    serviceCommand,
    clusterCommand,
    drainCommand,
    checkCommand,
    verifyCommand,
    storeCommand,
    configCommand,
  ]
  for (const group of groups) program.addCommand(group(context))

  for (const command of allOf(program)) {
    command
      .exitOverride()
      .showHelpAfterError('(--help says more)')
      .helpOption('-h, --help', 'print help')
      .configureHelp({ minWidthToWrap: 20, subcommandTerm })
      .configureOutput({
        writeOut: text => void terminal.stdout.write(text),
        writeErr: text => void terminal.stderr.write(text),
        outputError: (text, write) => write(inOwnWords(text)),
      })
    if (command.commands.length > 0) command.helpCommand('help [command...]', 'print help of a command')
    for (const { envVar } of command.options) if (envVar) flagVariables.add(envVar)
  }
  const misused = switchVariables(program, terminal)
  if (misused !== null) {
    context.complain(`facteur: ${misused}`)
    return exitCodes.usage
  }

  try {
    const asked = helpAsked(program, argv)
    if (asked !== null) {
      printHelp(program, asked)
      return exitCodes.done
    }
    await program.parseAsync(argv, { from: 'user' })
    return exitCodes.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
    if (error instanceof ConfigError) {
      context.complain(['facteur: settings are wrong', ...error.problems].join('\n  '))
      return exitCodes.failed
    }
    if (error instanceof CommandError) {
      context.complain(`facteur: ${error.message}`)
      return error.exitCode
    }
    if (error instanceof ControlError || error instanceof StoreError) context.complain(`facteur: ${error.message}`)
    else context.complain(`facteur: ${error instanceof Error ? error.stack : error}`)
    return error instanceof ControlError && isMisuse(error) ? exitCodes.usage : exitCodes.failed
  }
}

/** The service found that a value is none of its kind; a password is no argument. */
const isMisuse = ({ code }: ControlError): boolean => code.startsWith('invalid-') && code !== 'invalid-password'

/** Without "[options]", which all have: the descriptions keep their room. */
const subcommandTerm = (command: Command): string =>
  [
    command.name(),
    ...command.registeredArguments.map(argument => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`
      return argument.required ? `<${name}>` : `[${name}]`
    }),
  ].join(' ')

/** The library's sentences in the form of the others. */
function inOwnWords(text: string): string {
  const [, option, argument, problem] =
    /^error: (?:option '(\S+)[^']*'|command-argument)(?: argument| value) '(.*)' is invalid(?: for argument '[^']*')?\. (.*)/s.exec(
      text,
    ) ?? []
  if (problem === undefined) return text.replace(/^error: /, 'facteur: ')
  const sentence = problem.charAt(0).toLowerCase() + problem.slice(1)
  return `facteur: ${option === undefined ? '' : `${option} `}${visible(argument ?? '')}: ${sentence.replace(/\.(?=\n?$)/, '')}`
}

/** `help domain add`, `domain help add`: the names of the command; null where no help is asked for so. */
function helpAsked(program: Command, argv: readonly string[]): string[] | null {
  let command = program
  for (const [at, name] of argv.entries()) {
    if (name === 'help' && command.commands.length > 0) return [...argv.slice(0, at), ...argv.slice(at + 1)]
    const next = command.commands.find(each => each.name() === name)
    if (!next) return null
    command = next
  }
  return null
}

function printHelp(program: Command, names: readonly string[]): void {
  let command = program
  for (const name of names) {
    const next = command.commands.find(each => each.name() === name)
    // Never returns.
    command = next ?? command.error(`error: unknown command '${name}'`)
  }
  command.outputHelp()
}

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)]
}

/**
 * A switch (--json) is on when its variable says true or 1. The library takes any value for on, so what says no is taken out
 * of the environment. Returns what is wrong with one that says neither.
 */
function switchVariables(program: Command, { environment }: Terminal): string | null {
  for (const { envVar, required, optional } of allOf(program).flatMap(({ options }) => options)) {
    const value = envVar === undefined || required || optional ? undefined : environment[envVar]
    if (envVar === undefined || value === undefined || value === '1' || value === 'true') continue
    if (value !== '' && value !== '0' && value !== 'false')
      return `environment variable ${envVar} is "${value}"; expected true or false`
    delete environment[envVar]
  }
  return null
}
