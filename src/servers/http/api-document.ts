/** The documentation of the API: the same for everybody as long as the service runs, so it is written and compressed once. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<Buffer>

/** `make` is called by the first request, when all routes are known. */
export function apiDocument(make: () => object): Handler {
  let written: Promise<{ plain: Buffer; compressed: Buffer }> | null = null
  return async ({ headers }, reply) => {
    written ??= write(make())
    const { plain, compressed } = await written
    reply.type('application/json; charset=utf-8').header('Vary', 'Accept-Encoding')
    if (!takesGzip(headers['accept-encoding'])) return plain
    reply.header('Content-Encoding', 'gzip')
    return compressed
  }
}

async function write(document: object): Promise<{ plain: Buffer; compressed: Buffer }> {
  const plain = Buffer.from(JSON.stringify(document))
  return { plain, compressed: await promisify(gzip)(plain) }
}

/** RFC 9110 §12.5.3: with a weight of 0 it is refused. */
function takesGzip(accepted = ''): boolean {
  const [, weight] = /(?:^|,)\s*gzip\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?(?=,|$)/i.exec(accepted) ?? [null, '0']
  return weight === undefined || Number(weight) > 0
}
