/** What lies where in the data folder. The control socket is `controlSocketPath`. */
import path from 'node:path'

export const storePath = ({ data }: { data: string }): string => path.join(data, 'facteur.db')

/** The self-signed certificate of the first start. */
export const certificateFolder = ({ data }: { data: string }): string => path.join(data, 'tls')
