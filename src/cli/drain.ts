/** facteur drain */
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, InvalidArgumentError } from 'commander'
import { duration } from '../ops/config-kinds.ts'
import { HOUR_MS } from '../ops/durations.ts'
import { CommandError, type Context, examples, flag, withSettings } from './context.ts'

const SECOND_MS = 1_000
const DEFAULT_MS = 5 * 60 * SECOND_MS
const LOOKED_EVERY_MS = 200

export function drainCommand(context: Context): Command {
  const command = withSettings(new Command('drain'))
    .description('let the running service take nothing new, finish what is under way, and end; waits until it has')
    .addOption(
      flag('--for <duration>', 'how long sessions and deliveries have to end, such as 5m')
        .argParser(durationArgument)
        .default(DEFAULT_MS, '5m'),
    )
    .action((options: { for: number }, self: Command) =>
      context.withControl(self, async control => {
        const status = await control.call('service.status', {})
        if (!status) throw new CommandError('no service runs on this data folder')
        await control.call('service.drain', { graceMs: options.for })
        context.complain('It takes nothing new from now on, and ends once what is under way has ended.')
        while (isRunning(status.pid)) await sleep(LOOKED_EVERY_MS)
        context.print('The service has ended.\n')
      }),
    )
  return examples(command, 'facteur drain', 'facteur drain --for 30m')
}

function durationArgument(text: string): number {
  const ms = duration(SECOND_MS, 24 * HOUR_MS).read(text, '')
  if (ms === undefined) throw new InvalidArgumentError('Expected a time such as 30s, 5m or 1h.')
  return ms
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's is there too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
