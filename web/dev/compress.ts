/** Beside each file of the build that is worth it, the same as Brotli and gzip: the service sends what the browser takes, and compresses nothing itself. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

/** Below this the headers are most of an answer. */
const WORTH_BYTES = 512

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)]

export function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    // After everything that changes a file.
    generateBundle: {
      order: 'post',
      async handler(_, bundle) {
        const files = Object.values(bundle).filter(({ fileName }) => /\.(?:js|css|html|svg)$/.test(fileName))
        await Promise.all(
          files.map(async file => {
            const content = Buffer.from(file.type === 'chunk' ? file.code : file.source)
            if (content.length < WORTH_BYTES) return
            const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
            const [br, gz] = await Promise.all([brotli(content, { params: quality }), zip(content, { level: 9 })])
            this.emitFile({ type: 'asset', fileName: `${file.fileName}.br`, source: br })
            this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gz })
          }),
        )
      },
    },
  }
}
