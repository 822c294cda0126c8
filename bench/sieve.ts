/**
 * What scripts cost: compiling one, and running it over a message of 20 kB. Usage: node bench/sieve.ts
 * The message is parsed for each run, as in a delivery: what a script doesn't ask for is not paid.
 */
import { compileScript } from '../src/wire/sieve/compile.ts'
import { sieveMessage } from '../src/wire/sieve/message.ts'
import { runScript } from '../src/wire/sieve/run-script.ts'
import type { World } from '../src/wire/sieve/types.ts'
import { manyRules, manyRulesAndBody, smallScript } from './scripts.ts'

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

const scripts = {
  empty: '',
  small: smallScript,
  '300 rules': manyRules,
  '300 rules and body': manyRulesAndBody,
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
