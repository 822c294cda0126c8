import { type Mark, markName } from '../mark.ts'
import { S3Client } from './client.ts'
import { askedMs, listedAtOnce } from './limits.ts'
import { isKeyOfBlob } from './objects.ts'
import type { S3Place } from './place.ts'

export function objectMark(place: S3Place): Mark {
  const client = new S3Client({ tryingMs: askedMs, ...place })
  return {
    place: `${place.baseUrl}${place.prefix}`,
    isRemote: true,
    read: async () => {
      const found = await client.get(markName)
      return found && Buffer.from(found).toString().trim()
    },
    write: id => client.put(markName, Buffer.from(`${id}\n`)),
    hasMessages: async () => {
      for (let after: string | null = null; ; ) {
        const { objects, next } = await client.list(after, listedAtOnce)
        if (objects.some(({ key }) => isKeyOfBlob(key))) return true
        if (next === null) return false
        after = next
      }
    },
  }
}
