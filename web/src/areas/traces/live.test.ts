import { expect, it } from 'vitest'
import { eventsIn } from './live.ts'

it('reads events however they are cut, and leaves comments aside', () => {
  const stream = ':\n\nid: 7\ndata: {"next":7}\n\n:\n\nid: 9\ndata: {"next":9}\n\n'
  for (let cut = 0; cut <= stream.length; cut++) {
    const first = eventsIn(stream.slice(0, cut))
    const second = eventsIn(first.rest + stream.slice(cut))
    expect([...first.events, ...second.events, second.rest]).toEqual(['{"next":7}', '{"next":9}', ''])
  }
  expect(eventsIn('data:a\ndata: b\n\n').events).toEqual(['a\nb'])
})
