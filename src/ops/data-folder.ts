/** What lies where in the data folder. The control socket is `controlSocketPath`. */
import path from 'node:path'

/** The embedded store. */
export const storePath = ({ data }: { data: string }): string => path.join(data, 'facteur.db')

/** The self-signed certificate of the first start. */
export const certificateFolder = ({ data }: { data: string }): string => path.join(data, 'tls')

/** The key that secrets in the store are encrypted with: see `secret-box.ts`. */
export const secretKeyPath = ({ data }: { data: string }): string => path.join(data, 'secret.key')

/** Large messages, where they are not kept elsewhere. */
export const blobFolder = ({ data }: { data: string }): string => path.join(data, 'blobs')

/** Copies of large messages that are kept in an object store. */
export const blobCacheFolder = ({ data }: { data: string }): string => path.join(data, 'blob-cache')

/** By which a node knows its own leases in a store it shares with others. */
export const nodeIdPath = ({ data }: { data: string }): string => path.join(data, 'node.id')

/** Held by the node that runs on this folder. */
export const nodeLockPath = ({ data }: { data: string }): string => path.join(data, 'node.lock')
