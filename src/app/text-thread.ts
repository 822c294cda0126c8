/** The thread in which texts are searched and packed: its own look at the store, and its jobs. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveTexts } from '../mail/texts/serve.ts'
import { openSqliteReader } from '../store/sqlite/open.ts'
import type { TextThreadSettings } from './texts.ts'

/** A search reads much, each page once. */
const cacheKib = 8 * 1024

async function start({ path }: TextThreadSettings): Promise<void> {
  const reader = await openSqliteReader({ path, cacheKib })
  if (parentPort) serveTexts(parentPort, reader, () => reader.close())
}

await start(workerData)
