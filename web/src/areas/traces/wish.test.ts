import { describe, expect, it } from 'vitest'
import { queryOf, searchOf, wishFrom } from './wish.ts'

const now = Date.UTC(2026, 10, 27, 9)
const asked = (search: string) => queryOf(wishFrom(search), now, 'Europe/Paris')

const nothing = { sender: null, recipient: null, address: null, way: null, status: null, id: null }

describe('what is looked for', () => {
  it('is the last day where nothing else is said', () => {
    expect(asked('other=bob%40example.net')).toEqual({
      ...nothing,
      address: 'bob@example.net',
      id: null,
      since: now - 86_400_000,
    })
  })

  it('is around an hour, today unless another day is given', () => {
    const at = Date.UTC(2026, 10, 27, 7, 30)
    expect(asked('way=received&other=example.net&time=08:30&margin=30')).toMatchObject({
      sender: 'example.net',
      recipient: null,
      since: at - 1_800_000,
      until: at + 1_800_000,
    })
  })

  it('is a whole day, as long as the clocks make it', () => {
    expect(asked('day=2026-10-25')).toMatchObject({
      since: Date.UTC(2026, 9, 24, 22),
      until: Date.UTC(2026, 9, 25, 23),
    })
  })

  it('is an id whenever it was', () => {
    expect(asked('id=0199')).toEqual({ ...nothing, id: '0199', since: null })
  })

  it('is sent or received where that is said, and held whenever it was', () => {
    expect(asked('way=sent&other=bob%40example.net')).toMatchObject({ way: 'sent', recipient: 'bob@example.net' })
    expect(asked('way=received&sender=example.net')).toMatchObject({ way: 'received', sender: 'example.net' })
    expect(asked('status=held')).toEqual({ ...nothing, status: 'held', since: null })
    expect(asked('status=refused')).toMatchObject({ status: 'refused', since: now - 86_400_000 })
  })

  it('comes back from the address, and what makes no sense is left aside', () => {
    const search = 'way=received&other=bob%40example.net&status=held&day=2026-11-26&time=10%3A42&margin=360'
    expect(searchOf(wishFrom(search))).toBe(search)
    expect(searchOf(wishFrom('day=2026-13-45&time=27:00&margin=1'))).toBe('')
  })
})
