/**
 * Nodes, database and storage for services of 1,000, 100,000 and 10 million mailboxes, from what was measured:
 * node bench/sizing.ts prints the tables of docs/operate/sizing.md. Measured anew, or with other habits? Change them here and print again.
 */

/**
 * ms of processor. `node`: of the service. `database`: of PostgreSQL. Measured (bench/README.md): deliveries and flags on SQLite, bodies, the index of
 * traces; a delivery on PostgreSQL as the 2.9 times of SQLite's that it came to on a busy machine. Taken from those by judgement: all else.
 */
const costs = {
  delivery: { sqlite: 1.6, node: 2.8, database: 1.8 },
  /** As three deliveries. What goes out: accepted, kept in Sent, leased, delivered to another server, settled. */
  sending: { sqlite: 4.8, node: 8.4, database: 5.4 },
  signIn: { sqlite: 7, node: 8, database: 2 },
  /** Of one mailbox, where something changed. */
  resync: { sqlite: 1, node: 1.5, database: 2 },
  body: { sqlite: 1, node: 1.5, database: 0.5 },
  flag: { sqlite: 0.9, node: 1.2, database: 1.2 },
  /** Done by one node at a time for the whole service. */
  traceIndex: 0.036,
  lease: 5,
}
const bytes = {
  /** Rows and indexes of a message on PostgreSQL, without its text. */
  rows: 1_900,
  /** Of a message that lies in the database on PostgreSQL, in packs beside SQLite: compressed, 128 KiB at most. */
  small: 6_500,
  /** On disk or in the bucket for each byte of a message, all in all, with the texts that are kept for searches. */
  storedOfRaw: 0.82,
  trace: 556,
  idleConnection: 109 * 1024,
  process: 300 * 1024 * 1024,
}

/** Of an average mailbox; nothing of this was measured. */
const habits = {
  messages: 10_000,
  meanBytes: 61_000,
  receivedADay: 40,
  sentADay: 8,
  signInsADay: 30,
  resyncsADay: 200,
  bodiesADay: 60,
  flagsADay: 60,
  /** Connections that wait, at the time of day when most do. */
  connections: 1.5,
  /** Share of a day's work that its busiest hour has. */
  peakHour: 0.12,
  /** Of that hour's busiest minutes to its average. */
  peakOfHour: 2,
  traceDays: 30,
}
/** Cores are filled to so much at the peak, so that half of the nodes or a replica can fail or be upgraded. */
const filled = 0.5
const coresOfNode = 8
const memoryOfNode = 32 * 1024 ** 3
/** Ids of emails hold their account's in 21 bits (src/store/operations/email-id.ts). */
const accountsOfStore = 2 ** 21
/** Mailboxes of one store where there are several. */
const cell = 500_000

type Place = 'sqlite' | 'node' | 'database'

/** Of one mailbox, ms of processor a second at the peak. */
function peakMs(place: Place): number {
  const { receivedADay, sentADay, signInsADay, resyncsADay, bodiesADay, flagsADay } = habits
  const aDay =
    receivedADay * costs.delivery[place] +
    sentADay * costs.sending[place] +
    signInsADay * costs.signIn[place] +
    resyncsADay * costs.resync[place] +
    bodiesADay * costs.body[place] +
    flagsADay * costs.flag[place]
  return (aDay * habits.peakHour * habits.peakOfHour) / 3600
}

const peakRate = (mailboxes: number, aDay: number): number =>
  (mailboxes * aDay * habits.peakHour * habits.peakOfHour) / 3600

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)))
const size = (value: number): string => {
  const units = ['MB', 'GB', 'TB', 'PB']
  const power = Math.min(units.length, Math.max(1, Math.floor(Math.log10(value) / 3) - 1))
  return `${number(value / 1000 ** (power + 1))} ${units[power - 1]}`
}

function column(mailboxes: number): [string, string][] {
  const stores = mailboxes > accountsOfStore ? Math.ceil(mailboxes / cell) : 1
  const ofStore = mailboxes / stores
  const cores = (place: Place): number => (ofStore * peakMs(place)) / 1000 / filled
  const connections = ofStore * habits.connections
  const nodes = Math.max(
    2,
    Math.ceil(cores('node') / coresOfNode),
    Math.ceil((connections * bytes.idleConnection) / (memoryOfNode * filled)),
  )
  const messages = ofStore * habits.messages
  const raw = messages * habits.meanBytes
  const traces = ofStore * (habits.receivedADay + habits.sentADay) * habits.traceDays * bytes.trace
  const database = messages * (bytes.rows + bytes.small) + traces
  const taken = habits.receivedADay + habits.sentADay
  return [
    ['stores', number(stores)],
    ['mailboxes of each', number(ofStore)],
    ['messages kept in each', number(messages)],
    ['received a second, at the peak', number(peakRate(ofStore, habits.receivedADay))],
    ['sent a second, at the peak', number(peakRate(ofStore, habits.sentADay))],
    ['connections that wait', number(connections)],
    ['on SQLite, one machine: cores', number(cores('sqlite'))],
    ['on SQLite: memory of connections', size(connections * bytes.idleConnection + bytes.process)],
    ['on PostgreSQL: cores of the nodes, together', number(cores('node'))],
    [`nodes of ${coresOfNode} cores and ${memoryOfNode / 1024 ** 3} GiB`, number(nodes)],
    ['cores of the database', number(cores('database'))],
    ['the database, on its disk', size(database)],
    ['disk or bucket, all in all', size(raw * bytes.storedOfRaw)],
    ['index of traces: share of one core', `${number(peakRate(ofStore, taken) * costs.traceIndex * 0.1)} %`],
    ['leases: share of their one turn', `${number((peakRate(ofStore, habits.sentADay) / 500) * costs.lease * 0.1)} %`],
  ]
}

const sizes = [1_000, 100_000, 10_000_000]
const columns = sizes.map(column)
const lines = [
  `| mailboxes | ${sizes.map(number).join(' | ')} |`,
  `|---|${'---|'.repeat(sizes.length)}`,
  ...(columns[0] ?? []).map(([name], row) => `| ${name} | ${columns.map(cells => cells[row]?.[1]).join(' | ')} |`),
]
process.stdout.write(`${lines.join('\n')}\n\n`)

const measured = Object.entries(costs).flatMap(([what, cost]) =>
  typeof cost === 'number' ? [] : [`| ${what} | ${cost.sqlite} | ${cost.node} | ${cost.database} |`],
)
process.stdout.write(
  `${['| ms of processor | SQLite | PostgreSQL: node | PostgreSQL: database |', '|---|---|---|---|', ...measured].join('\n')}\n`,
)
