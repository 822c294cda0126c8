/** Operations of the rules for mail. */
import type { BounceOperations } from '../../contract/bounces.ts'
import type { Pop3Operations } from '../../contract/pop3.ts'
import type { RulesOperations } from '../../contract/rules.ts'
import type { SendingOperations } from '../../contract/sending.ts'
import type { SpaceOperations } from '../../contract/space.ts'
import type { TraceOperations } from '../../contract/trace.ts'
import type { Operations } from '../../store.ts'
import type { Operation } from '../operation.ts'
import { removeBounceCopy, setBounceCopy } from './bounce-copy.ts'
import { addRuleMemory, sweepRuleMemory } from './memory.ts'
import { noteRetrieved, setKeepDays } from './pop3.ts'
import { activateScript, putScript, removeCommonScript, removeScript, renameScript, setCommonScript } from './script.ts'
import { failedScript, toldFailure } from './script-failure.ts'
import { blockSending, chargeSending, raiseSending, sweepSending, toldSending, unblockSending } from './sending.ts'
import { dropHeld, failSending, holdBack, holdSending, letGo, releaseSending } from './sending-hold.ts'
import { setSendingRules } from './sending-rules.ts'
import { toldSpace } from './space.ts'
import { addTraceLink, recordTraces, sweepTraces } from './trace.ts'
import { indexTraces } from './trace-index.ts'

type Table<Names> = { readonly [K in keyof Names & keyof Operations]: Operation<K> }

const bounces: Table<BounceOperations> = { 'bounceCopy.set': setBounceCopy, 'bounceCopy.remove': removeBounceCopy }

const pop3: Table<Pop3Operations> = { 'pop3.setKeepDays': setKeepDays, 'pop3.retrieved': noteRetrieved }

const rules: Table<RulesOperations> = {
  'script.put': putScript,
  'script.activate': activateScript,
  'script.rename': renameScript,
  'script.remove': removeScript,
  'script.failed': failedScript,
  'script.failureTold': toldFailure,
  'commonScript.set': setCommonScript,
  'commonScript.remove': removeCommonScript,
  'ruleMemory.add': addRuleMemory,
  'ruleMemory.sweep': sweepRuleMemory,
  'sendingRules.set': setSendingRules,
}

const sending: Table<SendingOperations> = {
  'sending.charge': chargeSending,
  'sending.block': blockSending,
  'sending.raise': raiseSending,
  'sending.unblock': unblockSending,
  'sending.told': toldSending,
  'sending.sweep': sweepSending,
  'sending.hold': holdSending,
  'sending.failed': failSending,
  'sending.release': releaseSending,
  'sending.drop': dropHeld,
  'queue.letGo': letGo,
  'queue.holdBack': holdBack,
}

const space: Table<SpaceOperations> = { 'space.told': toldSpace }

const trace: Table<TraceOperations> = {
  'trace.record': recordTraces,
  'trace.index': indexTraces,
  'trace.sweep': sweepTraces,
  'trace.link': addTraceLink,
}

export const ruleOperations = { ...bounces, ...pop3, ...rules, ...sending, ...space, ...trace }
