/**
 * What scripts cost: compiling one, and running it over a message of 20 kB. Usage: node bench/sieve.ts
 * The message is parsed for each run, as in a delivery: what a script doesn't ask for is not paid.
 */
import { compileScript } from '../src/wire/sieve/compile.ts'
import { sieveMessage } from '../src/wire/sieve/message.ts'
import { runScript } from '../src/wire/sieve/run-script.ts'
import type { World } from '../src/wire/sieve/types.ts'

const world: World = {
  now: Date.UTC(2026, 0, 1),
  timeZone: 'Europe/Paris',
  mailboxExists: async () => true,
  specialUseMailbox: async () => null,
  isDuplicate: async () => false,
  environment: () => null,
  spamPercent: null,
  virusLevel: 0,
}

const small = `require ["fileinto", "imap4flags"];
if header :contains "list-id" "announce.example.org" { fileinto "Lists"; stop; }
if allof (address :domain "from" "shop.example.org", header :contains "subject" ["order", "invoice"]) {
  addflag "\\\\Seen"; fileinto "Orders"; stop;
}
if header :is "x-spam-flag" "yes" { fileinto "Junk"; stop; }
`

/** Rules of all kinds, none of which matches: the longest way. */
const rules = Array.from({ length: 300 }, (_, i) => {
  const tests = [
    `header :contains "subject" "word ${i}"`,
    `address :is "from" ["one${i}@example.com", "two${i}@example.com"]`,
    `address :domain ["to", "cc"] "domain${i}.example.com"`,
    `header :matches "subject" "*[list-${i}]*"`,
    `header :contains ["list-id", "list-post"] "list${i}.example.com"`,
    `allof (size :over ${i + 20}M, not exists "x-rule-${i}")`,
  ]
  return `if ${tests[i % tests.length]} { fileinto "Folder ${i}"; stop; }`
})
const scripts = {
  empty: '',
  small,
  '300 rules': `require "fileinto";\n${rules.join('\n')}\n`,
  '300 rules and body': `require ["fileinto", "body"];\n${rules.join('\n')}\nif body :contains "nowhere in it" { discard; }\n`,
}

const bytes = Buffer.from(
  `${[
    'Return-Path: <sender@example.org>',
    ...Array.from(
      { length: 8 },
      (_, i) => `Received: from host${i}.example.org by mail.example.net; Thu, 1 Jan 2026 00:00:0${i} +0000`,
    ),
    'From: "A Sender" <sender@example.org>',
    'To: me@example.net, "Somebody Else" <else@example.net>',
    'Subject: =?UTF-8?Q?Compte_rendu_de_la_r=C3=A9union?= and what follows from it',
    'Message-ID: <bench@example.org>',
    'Content-Type: text/plain; charset=utf-8',
  ].join('\r\n')}\r\n\r\n${'A line of text that says nothing in particular, and is as long as most.\r\n'.repeat(270)}`,
)
const envelope = { from: 'sender@example.org', to: 'me@example.net' }

/** Microseconds, the middle of several rounds. */
async function time(work: () => unknown, times: number): Promise<string> {
  const rounds: number[] = []
  for (let round = 0; round < 9; round++) {
    const start = performance.now()
    for (let i = 0; i < times; i++) await work()
    rounds.push(((performance.now() - start) / times) * 1000)
  }
  return rounds
    .toSorted((a, b) => a - b)[4]!
    .toFixed(1)
    .padStart(9)
}

console.log('script                 compile µs    run µs')
for (const [name, source] of Object.entries(scripts)) {
  const compiled = compileScript(source)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors))
  const compiling = await time(() => compileScript(source), 50)
  const running = await time(() => runScript(compiled.script, sieveMessage(bytes, envelope), world), 500)
  console.log(name.padEnd(22), compiling, running)
}
