/**
 * What every engine of the store must do. Each part takes a way to get at the store of the running test.
 */
import { afterEach, beforeEach, describe, expect } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { acceptContract } from './accept.contract.ts'
import { billingContract } from './billing.contract.ts'
import { blobContract } from './blob.contract.ts'
import { bounceContract } from './bounce.contract.ts'
import { clusterContract } from './cluster.contract.ts'
import { directoryContract } from './directory.contract.ts'
import { flagsContract } from './flags.contract.ts'
import { holdContract } from './hold.contract.ts'
import { linkContract } from './link.contract.ts'
import { mailboxContract } from './mailbox.contract.ts'
import { messageContract } from './message.contract.ts'
import { modelContract } from './model.contract.ts'
import { queueContract } from './queue.contract.ts'
import { rulesContract } from './rules.contract.ts'
import { searchContract } from './search.contract.ts'
import { sendingContract } from './sending.contract.ts'
import { serviceContract } from './service.contract.ts'
import { signInContract } from './sign-in.contract.ts'
import { spaceContract } from './space.contract.ts'
import { damagesOf } from './store-fixtures.ts'
import { textsContract } from './texts.contract.ts'
import { traceContract } from './trace.contract.ts'

export interface OpenedStore {
  store: Store
  /** Whether to look for damage after the test. */
  verify: boolean
  /** Sets the store's clock. */
  setTime(now: number): void
  /** Closes what is still open and removes what it left. */
  dispose(): Promise<void>
}

export type GetStore = () => OpenedStore

/** `sequences`: how many random ones of operations; what is slow by itself takes fewer of them, and every other test. */
export function storeContract(name: string, open: () => Promise<OpenedStore>, { sequences = 60 } = {}): void {
  // Some do thousands of things at once, and each is a transaction of its own where it is not SQLite.
  describe(`store on ${name}`, () => {
    let opened: OpenedStore
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(async context => {
      try {
        if (opened.verify && context.task.result?.state !== 'fail') expect(await damagesOf(opened.store)).toEqual([])
      } finally {
        await opened.dispose()
      }
    })
    const get = (): OpenedStore => opened
    describe('nodes', () => clusterContract(get))
    describe('directory', () => directoryContract(get))
    describe('sign-in', () => signInContract(get))
    describe('mailboxes', () => mailboxContract(get))
    describe('messages', () => messageContract(get))
    describe('flags', () => flagsContract(get))
    describe('rules', () => rulesContract(get))
    describe('warnings of space', () => spaceContract(get))
    describe('limits of sending', () => sendingContract(get))
    describe('mail that is held', () => holdContract(get))
    describe('search', () => searchContract(get))
    describe('texts', () => textsContract(get))
    describe('accept', () => acceptContract(get))
    describe('queue', () => queueContract(get))
    describe('billing', () => billingContract(get))
    describe('bounces', () => bounceContract(get))
    describe('blobs', () => blobContract(get))
    describe('service', () => serviceContract(get))
    describe('links', () => linkContract(get))
    describe('traces', () => traceContract(get))
    describe('random operations', () => modelContract(get, sequences))
  })
}
