/** Deliveries that come at once share a transaction on PostgreSQL, and none has to do with what becomes of another. */
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import type { Store } from '../../src/store/store.ts'
import { postgresPrograms } from '../support/postgres.ts'
import { sharedPostgres } from '../support/shared-postgres.ts'
import { damagesOf, newAccount, newEmail, noFlags } from './store-fixtures.ts'

describe.skipIf(postgresPrograms === null)(
  'deliveries to many at once (skipped where PostgreSQL is not installed)',
  () => {
    const postgres = sharedPostgres()
    let store: Store

    beforeEach(async () => {
      store = await openPostgresStore({ url: postgres.url, blobs: postgres.blobFolder, clock: { now: () => 1 } })
    })
    afterEach(async () => {
      const damages = await damagesOf(store)
      await store.close()
      await postgres.empty()
      expect(damages).toEqual([])
    })

    interface Place {
      accountId: number
      mailboxId: number
    }
    async function accounts(count: number, quotaBytes: number | null = null): Promise<Place[]> {
      const places: Place[] = []
      for (let at = 0; at < count; at++) {
        const { accountId, inbox } = await newAccount(store, `${quotaBytes ?? 'u'}-${at}@one.test`, quotaBytes)
        places.push({ accountId, mailboxId: inbox })
      }
      return places
    }
    const add = async (place: Place, content = `to ${place.accountId}`): Promise<number> => {
      const messages = [{ email: await newEmail(store, content), flags: noFlags, internalDate: 1 }]
      return (await store.write('message.append', { ...place, messages, at: 1 })).uids[0]!
    }
    const transactions = async (): Promise<number> => {
      const [row] = await postgres.cluster.query(
        'facteur',
        'SELECT COUNT(DISTINCT CAST(xmin AS TEXT))::int FROM message',
      )
      return Number(row?.[0])
    }

    it('are committed together, also with one content for all', async () => {
      const places = await accounts(40)
      expect(await Promise.all(places.map(place => add(place, 'one for all')))).toEqual(places.map(() => 1))
      expect(await transactions()).toBeLessThan(20)
      expect(await postgres.cluster.query('facteur', 'SELECT COUNT(*)::int FROM blob')).toEqual([[1]])
    })

    it('to one mailbox come one after the other', async () => {
      const [place] = await accounts(1)
      const uids = await Promise.all(Array.from({ length: 20 }, () => add(place!)))
      expect(uids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    })

    it('reach all but who has no room', async () => {
      const [some, full] = [await accounts(30), await accounts(3, 1)]
      const places = [...some.slice(0, 10), full[0]!, ...some.slice(10, 20), full[1]!, ...some.slice(20), full[2]!]
      const outcomes = await Promise.allSettled(places.map(place => add(place)))
      const refused = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [places[index]!] : []))
      expect(refused).toEqual(full)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'over-quota' })
    })

    it('reach all others while some mailboxes are kept by another node', async () => {
      const places = await accounts(30)
      // The first of all comes by itself, the other among many.
      const kept = [places[0]!, places[15]!]
      const keeper = new pg.Client({ connectionString: postgres.url })
      await keeper.connect()
      try {
        await keeper.query('BEGIN')
        const ids = kept.map(({ accountId }) => accountId).join()
        await keeper.query(`SELECT FROM account WHERE account_id IN (${ids}) FOR UPDATE`)
        const there = new Set<Place>()
        const added = places.map(place => [place, add(place).then(() => there.add(place))] as const)
        await Promise.all(added.flatMap(([place, adding]) => (kept.includes(place) ? [] : [adding])))
        expect(kept.filter(place => there.has(place))).toEqual([])
        await keeper.query('COMMIT')
        await Promise.all(added.map(([, adding]) => adding))
      } finally {
        await keeper.end()
      }
    })
  },
)
