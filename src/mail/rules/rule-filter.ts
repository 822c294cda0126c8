/**
 * What rules make of a message, in this order: the staff's script for all, the domain's, the owner's, then his automatic
 * reply. Each script goes on with what the one before it left in the inbox. An account without rules costs nothing.
 */
import { statusAt } from '../../accounts/auto-reply/schedule.ts'
import { DAY_MS } from '../../ops/durations.ts'
import type { Log } from '../../ops/log.ts'
import { type Store, StoreError } from '../../store/store.ts'
import type { AutoReplyRow } from '../../store/types/auto-reply.ts'
import type { AccountRow, SpecialUse } from '../../store/types.ts'
import { applyHeaderEdits } from '../../wire/sieve/header-edits.ts'
import { sieveMessage } from '../../wire/sieve/message.ts'
import { runScript } from '../../wire/sieve/run-script.ts'
import type { RunProblem } from '../../wire/sieve/types.ts'
import { type Arrival, type FiledPlace, type Filter, type FilterVerdict, inbox, keptInInbox } from '../filter.ts'
import type { AutoReplier } from './auto-replier.ts'
import type { CompiledRules, NamedScript } from './compiled-rules.ts'
import { PROBLEM_CHARACTERS } from './limits.ts'
import { remember } from './memories.ts'
import { ruleNameOf, theAutoReply } from './rule-names.ts'
import { type ActionParts, carryOut, type Decided, did, flagsOf } from './script-actions.ts'
import type { ScriptFailures } from './script-failures.ts'
import { scriptWorld } from './script-world.ts'

export interface RuleFilterOptions extends ActionParts {
  store: Pick<Store, 'read'>
  rules: CompiledRules
  replier: Pick<AutoReplier, 'reply'>
  /** Told of scripts that stop at an error. */
  failures: Pick<ScriptFailures, 'failed'>
  hostname: string
  version: string
  /** Of owners that chose none. */
  defaultTimeZone(): Promise<string>
  log: Log
}

export class RuleFilter implements Filter {
  readonly #options: RuleFilterOptions

  constructor(options: RuleFilterOptions) {
    this.#options = options
  }

  async filter(account: AccountRow, arrival: Arrival): Promise<FilterVerdict> {
    const { rules } = this.#options
    const common = await rules.common(account.domain)
    const own = await rules.of(account)
    const scripts = own.script ? [...common, own.script] : common
    if (scripts.length === 0 && !own.autoReply) return keptInInbox
    const { header } = sieveMessage(arrival.bytes, envelopeOf(arrival))
    const decided: Decided = {
      account,
      arrival,
      header,
      verdict: { places: [], sends: [], refusal: null, memories: [], rules: [] },
      isKept: true,
      bytes: null,
      flags: [],
    }
    for (const script of scripts) {
      if (!decided.isKept || decided.verdict.refusal !== null) break
      await this.#run(script, decided)
    }
    const { verdict } = decided
    if (verdict.refusal !== null) return { ...verdict, places: [] }
    // RFC 5228 §2.10.3: a script may have filed it there by name.
    const isInInbox = verdict.places.some(({ mailbox }) => mailbox === inbox.mailbox)
    if (decided.isKept && !isInInbox) {
      const { bytes, flags } = decided
      verdict.places.push({ ...inbox, flags: flagsOf(flags), bytes })
    }
    verdict.places = await this.#withoutDoubles(account, verdict.places)
    if (own.autoReply && (await this.#isForPeople(decided))) await this.#answer(decided, own.autoReply)
    return verdict
  }

  /** Mail for mailboxes that are gone goes into INBOX, and once. */
  async #withoutDoubles({ accountId }: AccountRow, places: FiledPlace[]): Promise<FiledPlace[]> {
    const isSure = ({ mailbox, create }: FiledPlace): boolean => create === true || mailbox === inbox.mailbox
    if (places.length < 2 || places.every(isSure)) return places
    const mailboxes = await this.#options.store.read('mailbox.list', { accountId })
    const names = new Set(mailboxes.map(({ name }) => name))
    const there = places.filter(place => isSure(place) || names.has(place.mailbox))
    const [gone] = places.filter(place => !there.includes(place))
    const isInInbox = there.some(({ mailbox }) => mailbox === inbox.mailbox)
    return gone && !isInInbox ? [...there, { ...gone, mailbox: inbox.mailbox }] : there
  }

  /** What goes wrong in a script leaves the message where it was. */
  async #run(script: NamedScript, decided: Decided): Promise<void> {
    const { account, arrival, verdict } = decided
    const { accountId } = account
    const { id } = arrival.message
    if ('problem' in script.program) {
      this.#failed(script, { ...script.program.problem, script: null }, decided)
      return
    }
    const before = decided.bytes
    const bytes = before ?? arrival.bytes
    const world = scriptWorld({ ...this.#options, timeZone: await this.#timeZoneOf(account) }, account, arrival)
    const { places, sends, memories, rules } = verdict
    const copied = { places: [...places], sends: [...sends], memories: [...memories], rules: [...rules] }
    const after = { ...decided, verdict: { ...verdict, ...copied } }
    try {
      const outcome = await runScript(script.program, sieveMessage(bytes, envelopeOf(arrival)), world, [
        ...decided.flags,
      ])
      // Places that the same edits led to share one version of the message.
      const versions = new Map<number, Uint8Array | null>([[0, before]])
      const bytesAfter = (edits: number): Uint8Array | null => {
        const version = versions.get(edits)
        if (version !== undefined) return version
        const made = applyHeaderEdits(bytes, outcome.headerEdits.slice(0, edits))
        versions.set(edits, made)
        return made
      }
      await carryOut(this.#options, after, outcome, {
        bytesAfter,
        ruleOf: origin => ruleNameOf(script, origin),
      })
      if (outcome.error) this.#failed(script, outcome.error, after)
      Object.assign(decided, after)
    } catch (error) {
      // A store that is out of order is the client's to hear of, who then tries again.
      if (error instanceof StoreError) throw error
      this.#options.log.error({ id, accountId, err: error }, 'script failed')
    }
  }

  /** RFC 5228 §2.10.6: whoever wrote the script is told; and the trace of the message says so. */
  #failed(script: NamedScript, problem: RunProblem, { account, arrival, verdict }: Decided): void {
    const { line, column, message } = problem
    const rule = ruleNameOf(script, problem)
    this.#options.log.warn({ id: arrival.message.id, accountId: account.accountId, problem }, 'script stopped')
    // What the service's script says is staff's to know.
    did(verdict, rule, 'failed', script.kind === 'service' ? '' : message)
    this.#options.failures.failed(script, account, {
      script: problem.script ?? script.name,
      rule: rule.line === null ? rule.name : null,
      line,
      column,
      problem: message.slice(0, PROBLEM_CHARACTERS),
      address: account.address,
      sender: arrival.message.reversePath,
    })
  }

  async #timeZoneOf({ accountId }: AccountRow): Promise<string> {
    const owner = await this.#options.store.read('principal.byId', { principalId: accountId })
    return owner?.timeZone ?? (await this.#options.defaultTimeZone())
  }

  /** Not what a rule threw away or took for junk. */
  async #isForPeople({ account, verdict }: Decided): Promise<boolean> {
    if (verdict.places.length === 0) return verdict.sends.length > 0
    if (verdict.places.every(({ mailbox }) => mailbox === inbox.mailbox)) return true
    const mailboxes = await this.#options.store.read('mailbox.list', { accountId: account.accountId })
    const useOf = (name: string): SpecialUse | null =>
      mailboxes.find(mailbox => mailbox.name === name)?.specialUse ?? null
    return verdict.places.some(({ mailbox }) => !['junk', 'trash'].includes(useOf(mailbox) ?? ''))
  }

  async #answer({ account, arrival, header, verdict }: Decided, autoReply: AutoReplyRow): Promise<void> {
    const { message, at } = arrival
    if (statusAt(autoReply, at).state !== 'active') return
    const { subject, text, audience, intervalDays, updatedAt } = autoReply
    const wanted = {
      // Another text is another reply: whoever had the former one gets it too.
      handle: `auto-reply ${updatedAt}`,
      intervalMs: intervalDays * DAY_MS,
      subject: subject === '' ? null : subject,
      body: { text },
      from: null,
      addresses: [],
      audience,
    }
    try {
      const { memories } = verdict
      const answered = { reversePath: message.reversePath, header, at, memories }
      const reply = await this.#options.replier.reply(account, answered, wanted)
      if (!reply) return
      verdict.sends.push(reply.sent)
      remember(memories, reply.memory)
      did(verdict, theAutoReply, 'answered', message.reversePath)
    } catch (error) {
      // The message counts for more than its answer.
      this.#options.log.error({ accountId: account.accountId, err: error }, 'automatic reply not written')
    }
  }
}

function envelopeOf({ message, recipient }: Arrival): { from: string; to: string } {
  return { from: message.reversePath, to: recipient }
}
