/** What nodes count together, over the link: each count as one notice. */
import type { SharedCounts } from '../accounts/shared-counts.ts'
import type { Link } from './link.ts'

const CHANNEL = 'counts'

export function countsOver(link: Link, nodeId: string): SharedCounts {
  const heard = new Map<string, (text: string) => void>()
  link.listen(CHANNEL, {
    heard(message) {
      const [from, name, text] = message.split('\n')
      if (from !== nodeId && name !== undefined && text !== undefined) heard.get(name)?.(text)
    },
    begun() {},
  })
  return {
    share(name, listener) {
      heard.set(name, listener)
      // What people type as a name may have any character.
      return text => link.publish(CHANNEL, `${nodeId}\n${name}\n${text.replaceAll('\n', ' ')}`)
    },
  }
}
