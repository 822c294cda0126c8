/** Queries of the rules for mail. */
import type { BounceQueries } from '../../contract/bounces.ts'
import type { Pop3Queries } from '../../contract/pop3.ts'
import type { RulesQueries } from '../../contract/rules.ts'
import type { SendingQueries } from '../../contract/sending.ts'
import type { SpaceQueries } from '../../contract/space.ts'
import type { TraceQueries } from '../../contract/trace.ts'
import type { Queries } from '../../store.ts'
import type { Query } from '../query.ts'
import { getBounceCopy } from './bounce-copy.ts'
import { countRuleMemory, hasRuleMemory } from './memory.ts'
import { getKeepDays, getLeastKeepDays, listExpired } from './pop3.ts'
import { getCommonScript, getScript, listCommonScripts, listScripts, scriptSources } from './script.ts'
import { getScriptFailure, scriptFailureNews } from './script-failure.ts'
import { getSendingGauge, getSendingNearest, getSendingNews } from './sending.ts'
import { isSendingHeld, listSendingHolds } from './sending-hold.ts'
import { getSendingRules } from './sending-rules.ts'
import { getSpaceNews } from './space.ts'
import {
  appPasswordLabel,
  countUnindexed,
  domainsSince,
  searchTraces,
  tailTraces,
  traceById,
  traceByLink,
  traceEvents,
  traceIdOfQueued,
  traceOfMessage,
} from './trace.ts'

type Table<Names> = { readonly [K in keyof Names & keyof Queries]: Query<K> }

const bounces: Table<BounceQueries> = { 'bounceCopy.get': getBounceCopy }

const pop3: Table<Pop3Queries> = {
  'pop3.keepDays': getKeepDays,
  'pop3.leastKeepDays': getLeastKeepDays,
  'pop3.expired': listExpired,
}

const rules: Table<RulesQueries> = {
  'script.list': listScripts,
  'script.get': getScript,
  'script.sources': scriptSources,
  'script.failure': getScriptFailure,
  'script.failureNews': scriptFailureNews,
  'commonScript.get': getCommonScript,
  'commonScript.list': listCommonScripts,
  'ruleMemory.has': hasRuleMemory,
  'ruleMemory.count': countRuleMemory,
  'sendingRules.get': getSendingRules,
}

const sending: Table<SendingQueries> = {
  'sending.gauge': getSendingGauge,
  'sending.news': getSendingNews,
  'sending.nearest': getSendingNearest,
  'sending.isHeld': isSendingHeld,
  'sending.holds': listSendingHolds,
}

const space: Table<SpaceQueries> = { 'space.news': getSpaceNews }

const trace: Table<TraceQueries> = {
  'trace.search': searchTraces,
  'trace.byId': traceById,
  'trace.events': traceEvents,
  'trace.tail': tailTraces,
  'trace.ofMessage': traceOfMessage,
  'trace.unindexed': countUnindexed,
  'trace.byLink': traceByLink,
  'trace.idOfQueued': traceIdOfQueued,
  'trace.domainsSince': domainsSince,
  'trace.appPasswordLabel': appPasswordLabel,
}

export const ruleQueries = { ...bounces, ...pop3, ...rules, ...sending, ...space, ...trace }
