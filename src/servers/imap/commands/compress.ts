/** COMPRESS=DEFLATE (RFC 4978). */
import { type ImapCommand, no, ok } from '../command.ts'

export const compress: ImapCommand<'COMPRESS'> = {
  states: ['authenticated', 'selected'],
  reports: 'none',
  async run(context) {
    if (context.compressed) return no('DEFLATE is active already', 'COMPRESSIONACTIVE')
    context.compressed = true
    context.afterCompletion = () => context.connection.startDeflate()
    return ok('DEFLATE active')
  },
}
