/** Addresses of buckets. */

/** The parts of `s3://bucket/prefix?endpoint=https://host:port&region=...&style=host`. */
export interface S3Url {
  /** Scheme and host, with the bucket in the host or behind it; ends with a slash. */
  baseUrl: string
  /** Before each key: empty, or with a slash at its end. */
  prefix: string
  region: string
}

const known = new Set(['endpoint', 'region', 'style'])

/** What is wrong with the address is told as a text that ends the sentence "expected …". */
export function parseS3Url(text: string): S3Url | string {
  const url = URL.parse(text)
  if (url?.protocol !== 's3:') return 'an address such as s3://bucket?endpoint=https://s3.example.org'
  if (url.username !== '' || url.password !== '')
    return 'no key in the address: it belongs in s3.access-key-id and s3.secret-access-key'
  const bucket = url.hostname
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || url.port !== '' || url.hash !== '')
    return 'the name of a bucket behind s3://'
  const strange = [...url.searchParams.keys()].find(key => !known.has(key))
  if (strange !== undefined) return `endpoint, region and style behind the bucket, not ${strange}`
  const region = url.searchParams.get('region') ?? 'us-east-1'
  const style = url.searchParams.get('style') ?? 'path'
  if (style !== 'path' && style !== 'host') return 'style to be path or host'
  const given = url.searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`
  const endpoint = URL.parse(given)
  if (!endpoint || !/^https?:$/.test(endpoint.protocol) || endpoint.search !== '' || endpoint.username !== '')
    return 'an endpoint such as https://s3.example.org'
  const root = endpoint.pathname.replace(/\/+$/, '')
  const baseUrl =
    style === 'host'
      ? `${endpoint.protocol}//${bucket}.${endpoint.host}${root}/`
      : `${endpoint.protocol}//${endpoint.host}${root}/${bucket}/`
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  if (!/^[A-Za-z0-9._/-]*$/.test(prefix)) return 'a prefix of letters, digits and . _ - / behind the bucket'
  return { baseUrl, prefix: prefix === '' ? '' : `${prefix}/`, region }
}
