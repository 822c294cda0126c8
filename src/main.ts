/** Where the process begins. */
import { exitCodes } from './cli/context.ts'
import { run } from './cli/program.ts'

// `facteur … | head`: whoever read has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done)
  process.stderr.write(`facteur: standard output can't be written: ${error.message}\n`)
  process.exit(exitCodes.failed)
})
// There is nobody else to say it to.
process.stderr.on('error', () => {})

// Mail is its owner's: nothing made here may be read by other users, also in a data folder that others may enter.
process.umask(0o077)

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  environment: process.env,
  folder: process.cwd(),
})
