import type { Operations } from '../store.ts'
import type { StagedBlob } from '../types.ts'

/** One operation as a value. */
export type Request = { [K in keyof Operations]: { operation: K; args: Operations[K]['args'] } }[keyof Operations]

/** The blobs an operation takes. */
export function stagedBlobsOf(request: Request): StagedBlob[] {
  switch (request.operation) {
    case 'message.append':
      return request.args.messages.map(message => message.email.blob)
    case 'message.accept':
      // Most deliveries of a message share its blob.
      return [
        ...new Set([
          ...request.args.deliveries.map(({ email }) => email.blob),
          ...request.args.queue.map(({ blob }) => blob),
        ]),
        ...(request.args.also ?? []).flatMap(stagedBlobsOf),
      ]
    case 'queue.settle':
      return request.args.reports.map(report => report.blob)
    case 'several':
      return request.args.operations.flatMap(stagedBlobsOf)
    default:
      return []
  }
}

/** Bytes a request brings along, roughly: its blobs, and a little for the rest. */
export function weightOf(request: Request): number {
  return 1024 + stagedBlobsOf(request).reduce((sum, blob) => sum + (blob.data?.byteLength ?? 0), 0)
}
