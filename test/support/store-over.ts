/** A store in a file as two processes of one service have it: the one with the writer, and one whose operations go over a line to it. */
import { duplexPair } from 'node:stream'
import type { Clock } from '../../src/ops/clock.ts'
import { Line } from '../../src/ops/line.ts'
import { openSharedSqliteStore, openSqliteOver } from '../../src/store/sqlite/open.ts'
import type { WriterLine } from '../../src/store/sqlite/remote-writer.ts'
import type { Store } from '../../src/store/store.ts'

const written = 1
const lost = 2

export async function openBoth(path: string, clock: Clock): Promise<{ own: Store; over: Store }> {
  const { store: own, writer } = await openSharedSqliteStore({ path, clock })
  const [here, there] = duplexPair()
  const other = writer.connect({
    answered: bytes => line.send(written, bytes),
    lost: message => line.send(lost, Buffer.from(message)),
  })
  const line = new Line(there, { heard: (_, bytes) => other.relay(bytes), closed: () => other.disconnect() })
  let ends: Parameters<WriterLine['listen']>[0] | null = null
  const far = new Line(here, {
    heard: (kind, bytes) => (kind === written ? ends?.answered(bytes) : ends?.lost(Buffer.from(bytes).toString())),
    closed() {},
  })
  const over = await openSqliteOver(
    {
      processes: 2,
      send: bytes => far.send(0, bytes),
      listen: given => {
        ends = given
      },
    },
    { path, clock },
  )
  return { own, over }
}
