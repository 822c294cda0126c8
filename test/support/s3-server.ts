/**
 * The stand-in for an S3 server, as a process: node --openssl-legacy-provider s3-server.ts FOLDER PORT. It says its port. Its
 * tokens for the next page of a list are made with DES, which OpenSSL has in its legacy provider alone.
 */
import S3rver from 's3rver'

const [folder = '', port = '0'] = process.argv.slice(2)
const server = new S3rver({
  directory: folder,
  port: Number(port),
  address: '127.0.0.1',
  silent: true,
  configureBuckets: [{ name: 'mail', configs: [] }],
})
const address = await server.run()
process.stdout.write(`${address.port}\n`)
// Whoever started it is gone.
process.stdin.on('end', () => process.exit()).resume()
