/** The thread in which texts are searched and packed: its own look at the store, and its jobs. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveTexts } from '../mail/texts/serve.ts'
import { openStoreReader, type StoreLocation } from './store.ts'

/** A search reads much, each page once. */
const cacheKib = 8 * 1024

async function start(location: StoreLocation): Promise<void> {
  const reader = await openStoreReader(location, { cacheKib, isOpened: true })
  if (parentPort) serveTexts(parentPort, reader, () => reader.close())
}

await start(workerData)
