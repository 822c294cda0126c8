/** What lies where in the data folder. The control socket is `controlSocketPath`. */
import path from 'node:path'

export const storePath = ({ data }: { data: string }): string => path.join(data, 'facteur.db')

/** The self-signed certificate of the first start. */
export const certificateFolder = ({ data }: { data: string }): string => path.join(data, 'tls')

/** The key that secrets in the store are encrypted with: see `secret-box.ts`. */
export const secretKeyPath = ({ data }: { data: string }): string => path.join(data, 'secret.key')
