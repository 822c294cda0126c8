/** Every setting, declared once: key, kind, default and what it is for. docs/operate/settings.md is made from this list. */
import { hostname } from 'node:os'
import * as kind from './config-kinds.ts'

export interface Setting<T> {
  /** Dotted, as in facteur.toml. The variable's name is made from it: see `variableOf`. */
  key: string
  kind: kind.Kind<T>
  fallback: T
  /** Where the default is not a fixed value. */
  fallbackText?: string
  doc: string
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const kB = 1024
const MB = 1024 * kB

const machineName = (name: string): string => (kind.isHostName(name) ? name.toLowerCase() : 'localhost')

const setting = <T>(key: string, of: kind.Kind<T>, fallback: T, doc: string, fallbackText?: string): Setting<T> => ({
  key,
  kind: of,
  fallback,
  doc,
  ...(fallbackText === undefined ? {} : { fallbackText }),
})

const port = (key: string, standard: number, doc: string): Setting<kind.Endpoint[]> =>
  setting(key, kind.endpoints, [{ address: null, port: standard }], doc)

export const settings = {
  data: setting(
    'data',
    kind.filePath,
    'data',
    'The data folder: store, large messages, certificate of the first start.',
    '`data`, where the service is started',
  ),
  store: setting(
    'store',
    kind.optional(kind.postgresUrl),
    null,
    'Where domains, mailboxes, messages and the queue are kept: in the data folder, or in a PostgreSQL database, which several nodes may share: `postgres://user:password@host:5432/database`. [More on PostgreSQL](postgresql.md).',
    'the data folder',
  ),
  blobs: setting(
    'blobs',
    kind.optional(kind.blobLocation),
    null,
    'Where large messages are kept: a folder, or a bucket of an object store that speaks S3: `s3://bucket/prefix?endpoint=https://s3.example.org&region=us-east-1`. Nodes that share a database share it too, and nothing else may: a backup started for a trial gets a copy of it, else its sweep removes what the service in use still needs. [More on S3](s3.md).',
    '`blobs` in the data folder',
  ),
  redis: setting(
    'redis',
    kind.optional(kind.redisUrl),
    null,
    'A Redis server by which nodes that share a database hear of each other at once: `redis://user:password@host:6379/0`, or `rediss://` for TLS. Nothing is kept there; without it, nodes look into the database once a second. [More on several nodes](nodes.md).',
    'none',
  ),
  workers: setting(
    'workers',
    kind.countOrAuto(64),
    1,
    'Processes that share the ports and do the work side by side, on either store; `auto`: as many as the machine has cores. [More on workers](workers.md).',
  ),
  hostname: setting(
    'hostname',
    kind.hostName,
    machineName(hostname()),
    'The name this server gives itself in greetings, `Received:` fields and bounces. It must lead to this machine in DNS, and back.',
    "the machine's own name",
  ),
  postmaster: setting(
    'postmaster',
    kind.optional(kind.mailAddress),
    null,
    'Who receives mail to postmaster@ and abuse@ of a domain that has no such mailbox, alias or catch-all, and of this host.',
    'the first mailbox of the domain, else of the service',
  ),
  defaultDomain: setting(
    'default-domain',
    kind.optional(kind.hostName),
    null,
    'The domain that completes a user name without "@" when someone signs in.',
    'none',
  ),
  messageSizeLimit: setting(
    'message-size-limit',
    kind.size(64 * kB, 150 * MB),
    20 * MB,
    'The largest whole message that is taken, in and out, and stored.',
  ),
  plainTextSignIn: setting(
    'plain-text-sign-in',
    kind.oneOf('never', 'loopback'),
    'never',
    'Whether a password may come without TLS: never, or from this machine itself.',
  ),

  listenAddress: setting(
    'listen.address',
    kind.listenAddresses,
    [],
    'The addresses of the services that are given a port alone.',
  ),
  listenSmtp: port('listen.smtp', 25, 'Mail from other servers.'),
  listenSubmission: port('listen.submission', 587, 'Mail from users, STARTTLS first.'),
  listenSubmissions: port('listen.submissions', 465, 'Mail from users, TLS from the first byte.'),
  listenImap: port('listen.imap', 143, 'IMAP, STARTTLS first.'),
  listenImaps: port('listen.imaps', 993, 'IMAP, TLS from the first byte.'),
  listenPop3: port('listen.pop3', 110, 'POP3, STLS first.'),
  listenPop3s: port('listen.pop3s', 995, 'POP3, TLS from the first byte.'),
  listenManageSieve: port('listen.managesieve', 4190, 'ManageSieve, STARTTLS first: mail programs that write filters.'),
  listenHttps: port('listen.https', 443, 'The panels, the API, and the settings that mail programs ask for.'),
  listenPanel: port('listen.panel', 8443, 'The account panel alone, under the port people know it by.'),
  listenHttp: setting(
    'listen.http',
    kind.endpoints,
    [{ address: '127.0.0.1', port: 8080 }],
    '`/metrics` and `/healthz`. It asks for no password: keep it on loopback or behind a firewall.',
  ),

  proxyProtocolFrom: setting(
    'proxy-protocol-from',
    kind.addressRanges,
    [],
    'The load balancers: addresses, or ranges such as `10.0.0.0/24`. What comes from them must begin with a header of the PROXY protocol, version 1 or 2, on every port but that of `listen.http`, and the client is who it names; what comes from elsewhere may not. [More on deployments](deployment.md#behind-a-load-balancer).',
    'none',
  ),

  webUrl: setting(
    'web.url',
    kind.optional(kind.httpsOrigin),
    null,
    'The address under which people reach the panels, for the links in mails and on the command line.',
    '`https://HOSTNAME`, with the port of `listen.https` where it is not 443',
  ),
  noticesFrom: setting(
    'notices.from',
    kind.optional(kind.mailAddress),
    null,
    'From whom the mails come that the service writes itself, and who receives their bounces.',
    '`no-reply@HOSTNAME`, and bounces are dropped',
  ),

  tlsCertificate: setting(
    'tls.certificate',
    kind.optional(kind.filePath),
    null,
    'PEM file: the certificate and those it depends on. It is read again when it changes, and on SIGHUP.',
    'self-signed, made at the first start',
  ),
  tlsKey: setting(
    'tls.key',
    kind.optional(kind.filePath),
    null,
    "PEM file: the certificate's private key.",
    'as `tls.certificate`',
  ),

  s3AccessKeyId: setting(
    's3.access-key-id',
    kind.optional(kind.word),
    null,
    'The access key id, if `blobs` is a bucket.',
    'none',
  ),
  s3SecretAccessKey: setting(
    's3.secret-access-key',
    kind.optional(kind.secret),
    null,
    'Its key. It is never shown or logged.',
    'none',
  ),
  s3CacheSize: setting(
    's3.cache-size',
    kind.size(0, 64 * 1024 * 1024 * MB),
    1024 * MB,
    'Room for copies of what was read last, in `blob-cache` of the data folder; 0: no copies.',
  ),

  dnsServers: setting('dns.servers', kind.dnsServers, [], 'The DNS servers to ask.', "the system's"),

  queueRetryFirst: setting(
    'queue.retry-first',
    kind.duration(second, day),
    5 * minute,
    'The wait before the second attempt of a delivery; it doubles with each further one.',
  ),
  queueRetryLongest: setting(
    'queue.retry-longest',
    kind.duration(second, 7 * day),
    4 * hour,
    'The longest wait between two attempts.',
  ),
  queueLifetime: setting(
    'queue.lifetime',
    kind.duration(second, 30 * day),
    5 * day,
    'How long a delivery is tried before the sender is told that it failed.',
  ),
  queueDelayNotice: setting(
    'queue.delay-notice',
    kind.duration(second, 30 * day),
    4 * hour,
    'When the sender is told that his message is delayed.',
  ),
  queueConcurrency: setting(
    'queue.concurrency',
    kind.integer(1, 10_000),
    100,
    'Deliveries under way at once, to all destinations elsewhere. One account has half of them at most; reports and automatic replies, which anybody can cause, a quarter.',
  ),
  queueConcurrencyPerDestination: setting(
    'queue.concurrency-per-destination',
    kind.integer(1, 1_000),
    10,
    'Deliveries under way at once to one destination.',
  ),
  queuePort: setting(
    'queue.port',
    kind.integer(1, 65_535),
    25,
    'The port remote servers are reached on. Change it only for tests.',
  ),

  webhooksRetryFirst: setting(
    'webhooks.retry-first',
    kind.duration(second, hour),
    10 * second,
    'The wait before a webhook is tried again; it doubles with each further try, up to 6 hours, for 3 days.',
  ),
  webhooksPrivateAddresses: setting(
    'webhooks.private-addresses',
    kind.flag,
    false,
    'Whether webhooks may lead to private addresses and be plain `http`: whoever may make a webhook can then send requests into the network of this machine.',
  ),

  limitLoopback: setting(
    'limits.loopback',
    kind.flag,
    false,
    'Whether the limits on connections, messages under way, rates and failed sign-ins hold for clients on this machine too.',
  ),

  logLevel: setting(
    'log.level',
    kind.oneOf('debug', 'info', 'warn', 'error'),
    'info',
    'The lowest level that is logged.',
  ),
  logFormat: setting(
    'log.format',
    kind.oneOf('auto', 'json', 'text'),
    'auto',
    'One JSON object per line, or text; auto: text where standard error is a terminal.',
  ),
}

export type SettingName = keyof typeof settings
export type Config = { readonly [N in SettingName]: (typeof settings)[N] extends Setting<infer T> ? T : never }

export const settingNames = Object.keys(settings) as SettingName[]

/** `queue.retry-first` → `FACTEUR_QUEUE_RETRY_FIRST`. */
export const variableOf = (key: string): string => `FACTEUR_${key.toUpperCase().replace(/[.-]/g, '_')}`
