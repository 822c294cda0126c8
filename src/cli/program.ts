/** The command line put together, and how it ends: 0, 1 with a line on standard error, 2 for bad usage. */
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
import { CommandError, createContext, type Terminal } from './context.ts'
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
import { tokenCommand } from './token.ts'
import { traceCommand } from './trace.ts'
import { userCommand } from './user.ts'
import { verifyCommand } from './verify.ts'
import { webhookCommand } from './webhook.ts'

const USAGE = 2

/** Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const flagVariables = new Set<string>()
  const context = createContext(terminal, flagVariables)
  const program = new Command('facteur')
    .description(
      'A mail hosting service in one program. Commands act on the running service of a data folder, or on its store where none runs.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText(
      'after',
      '\nEvery command has --help. --config, --data and --json can be given in the environment too: FACTEUR_DATA.\nSettings: docs/operate/settings.md, facteur config print.',
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
      .configureOutput({
        writeOut: text => void terminal.stdout.write(text),
        writeErr: text => void terminal.stderr.write(text),
      })
    for (const { envVar } of command.options) if (envVar) flagVariables.add(envVar)
  }
  const misused = switchVariables(program, terminal)
  if (misused !== null) {
    context.complain(`facteur: ${misused}`)
    return USAGE
  }

  try {
    await program.parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
    if (error instanceof ConfigError) {
      context.complain(['facteur: settings are wrong', ...error.problems].join('\n  '))
      return 1
    }
    if (error instanceof CommandError) {
      context.complain(`facteur: ${error.message}`)
      return error.exitCode
    }
    if (error instanceof ControlError || error instanceof StoreError) context.complain(`facteur: ${error.message}`)
    else context.complain(`facteur: ${error instanceof Error ? error.stack : error}`)
    return 1
  }
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
