/** The door through which all mail enters, and the mails the service writes itself: the same with and without the servers. */
import { createHmac } from 'node:crypto'
import type { ReadsBrands } from '../accounts/brands/brands.ts'
import type { Notices } from '../accounts/notices.ts'
import { SendingControl } from '../accounts/sending/sending-control.ts'
import { SendingLimits } from '../accounts/sending/sending-limits.ts'
import { SendingNews } from '../accounts/sending/sending-news.ts'
import { UnusualSending } from '../accounts/sending/unusual-sending.ts'
import type { ReadsSettings } from '../accounts/service-settings/service-settings.ts'
import { SpaceNews } from '../accounts/space/space-news.ts'
import type { TrafficSeen } from '../accounts/traffic/recorder.ts'
import type { Work } from '../cluster/work.ts'
import type { Door } from '../mail/accept.ts'
import { createDoor } from '../mail/acceptor.ts'
import type { Changes } from '../mail/changes.ts'
import { countedDoor } from '../mail/counted-door.ts'
import { describeInTurns } from '../mail/describe.ts'
import { NoticeMailer } from '../mail/notices/mailer.ts'
import { AutoReplier } from '../mail/rules/auto-replier.ts'
import { CompiledRules } from '../mail/rules/compiled-rules.ts'
import { Notifier } from '../mail/rules/notifier.ts'
import { OutgoingRules } from '../mail/rules/outgoing.ts'
import { RuleFilter } from '../mail/rules/rule-filter.ts'
import { ScriptFailures } from '../mail/rules/script-failures.ts'
import { Senders } from '../mail/send-as.ts'
import type { TraceSeen } from '../mail/trace/recorder.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import { placesByCountry } from '../ops/place-of-address.ts'
import type { LinkTo } from '../ops/public-url.ts'
import { packageVersion } from '../ops/version.ts'
import { Reporter } from '../queue/report.ts'
import type { Store } from '../store/store.ts'

export interface OutgoingMailParts {
  store: Store
  changes: Changes
  work: Work
  settings: ReadsSettings
  brands: ReadsBrands
  config: Config
  /** The data folder's. */
  secretKey: Uint8Array
  linkTo: LinkTo
  wakeQueue: () => void
  traffic: TrafficSeen | null
  traces: Pick<TraceSeen, 'written'>
  signInsWritten: () => Promise<void>
  clock: Clock
  log: Log
}

export interface OutgoingMail {
  door: Door
  reporter: Reporter
  notices: Notices
  sendingLimits: SendingLimits
  sendingNews: SendingNews
  unusualSending: UnusualSending
  sending: SendingControl
  compiledRules: CompiledRules
  spaceNews: SpaceNews
  scriptFailures: ScriptFailures
}

export function createOutgoingMail(parts: OutgoingMailParts): OutgoingMail {
  const { store, changes, settings, brands, config, secretKey, linkTo, wakeQueue, traffic, traces, clock, log } = parts
  const { hostname, postmaster, noticesFrom } = config
  const readerDefaults = async () => {
    const { defaultLanguage, timeZone } = await settings.current()
    return { language: defaultLanguage, timeZone }
  }
  const reporter = new Reporter({ store, clock, hostname, readerDefaults, linkTo })
  const senders = new Senders(store)
  const defaultLanguage = async () => (await settings.current()).defaultLanguage
  const defaultTimeZone = async () => (await settings.current()).timeZone
  const forwardingKey = createHmac('sha256', secretKey).update('reverse-paths of forwarded mail').digest()
  const compiledRules = new CompiledRules({ store, clock, log })
  const filter = new RuleFilter({
    store,
    rules: compiledRules,
    replier: new AutoReplier({ store, senders, hostname, defaultLanguage }),
    notifier: new Notifier({ hostname, senders }),
    failures: { failed: (script, account, facts) => scriptFailures.failed(script, account, facts) },
    forwardingKey,
    hostname,
    version: packageVersion(),
    defaultTimeZone,
    log,
  })
  const onNews = (): void => void sendingNews.tell()
  const unusualSending = new UnusualSending({ store, settings, placeOf: placesByCountry(log), clock, log, onNews })
  const sendingLimits = new SendingLimits({ store, settings, unusual: unusualSending, clock, onNews })
  const uncounted = createDoor({
    store,
    postmaster,
    describeEmail: describeInTurns,
    changes,
    forwardingKey,
    filter,
    outgoing: new OutgoingRules(store),
    traces,
    sendingLimits,
    reports: reporter,
    wakeQueue,
    clock,
    log,
  })
  const door = traffic ? countedDoor(uncounted, traffic) : uncounted
  const notices = new NoticeMailer({
    door,
    clock,
    log,
    hostname,
    from: noticesFrom,
    brandOf: domain => brands.forDomain(domain),
    defaultLanguage,
    defaultTimeZone,
  })
  const isTold = (): boolean => parts.work.isMine('news')
  const { signInsWritten } = parts
  const sendingNews = new SendingNews({ store, settings, notices, linkTo, signInsWritten, isTold, log })
  const spaceNews = new SpaceNews({ store, settings, notices, linkTo, isTold, clock, log })
  const scriptFailures = new ScriptFailures({ store, settings, notices, linkTo, isTold, clock, log })
  const sending = new SendingControl({ store, settings, clock, wakeQueue, onNews })
  return {
    door,
    reporter,
    notices,
    sending,
    sendingLimits,
    sendingNews,
    unusualSending,
    compiledRules,
    spaceNews,
    scriptFailures,
  }
}
