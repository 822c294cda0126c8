/** The services on the store that the running service and the command line share. */
import { Brands } from '../accounts/brands/brands.ts'
import { createDirectory } from '../accounts/directory/directory.ts'
import type { NewPasswords } from '../accounts/new-passwords.ts'
import type { Notices } from '../accounts/notices.ts'
import type { SecurityNotices } from '../accounts/security-notices.ts'
import type { SendingControl } from '../accounts/sending/sending-control.ts'
import type { SendingLimits } from '../accounts/sending/sending-limits.ts'
import type { SendingNews } from '../accounts/sending/sending-news.ts'
import type { UnusualSending } from '../accounts/sending/unusual-sending.ts'
import { ServiceSettings } from '../accounts/service-settings/service-settings.ts'
import type { SpaceNews } from '../accounts/space/space-news.ts'
import type { TrafficSeen } from '../accounts/traffic/recorder.ts'
import type { FirstStaff } from '../accounts/users/first-staff.ts'
import { Importer } from '../archive/import.ts'
import type { ControlServices } from '../cli/control-commands.ts'
import type { Work } from '../cluster/work.ts'
import type { Door } from '../mail/accept.ts'
import type { AllChanges } from '../mail/changes.ts'
import { Mailboxes } from '../mail/mailboxes.ts'
import { Messages } from '../mail/messages.ts'
import { CommonScripts } from '../mail/rules/common-scripts.ts'
import type { CompiledRules } from '../mail/rules/compiled-rules.ts'
import type { ScriptFailures } from '../mail/rules/script-failures.ts'
import { Scripts } from '../mail/rules/scripts.ts'
import type { TraceSeen } from '../mail/trace/recorder.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import { secretKeyPath } from '../ops/data-folder.ts'
import type { Log } from '../ops/log.ts'
import { PublicUrl } from '../ops/public-url.ts'
import { createSecretBox, loadSecretKey, type SecretBox } from '../ops/secret-box.ts'
import { createQueueControl } from '../queue/control.ts'
import type { Reporter } from '../queue/report.ts'
import type { Store } from '../store/store.ts'
import { type Billing, createBilling } from './billing.ts'
import { createOutgoingMail } from './outgoing-mail.ts'
import { createTexts, type TextServices } from './texts.ts'
import { createTraces, type TraceServices } from './traces.ts'
import { createUserServices } from './user-services.ts'

export interface Services extends Omit<ControlServices, 'status' | 'cluster' | 'drain'>, TextServices, TraceServices {
  store: Store
  changes: AllChanges
  mailboxes: Mailboxes
  messages: Messages
  settings: ServiceSettings
  door: Door
  reporter: Reporter
  notices: Notices
  sendingLimits: SendingLimits
  sendingNews: SendingNews
  unusualSending: UnusualSending
  sending: SendingControl
  spaceNews: SpaceNews
  scriptFailures: ScriptFailures
  publicUrl: PublicUrl
  brands: Brands
  firstStaff: FirstStaff
  newPasswords: NewPasswords
  securityNotices: SecurityNotices
  box: SecretBox
  billing: Billing
  scripts: Scripts
  commonScripts: CommonScripts
  compiledRules: CompiledRules
}

export interface ServiceParts {
  store: Store
  changes: AllChanges
  /** What this node alone does. */
  work: Work
  config: Config
  /** The scheduler's, where one runs. */
  wakeQueue: () => void
  /** Counts what goes through the door; null: nobody does. */
  traffic: TrafficSeen | null
  traces: TraceSeen
  /** Writes the sign-ins that wait in memory. */
  signInsWritten: () => Promise<void>
  clock: Clock
  log: Log
}

export async function createServices({
  store,
  changes,
  work,
  config,
  wakeQueue,
  traffic,
  traces,
  signInsWritten,
  clock,
  log,
}: ServiceParts): Promise<Services> {
  const mailboxes = new Mailboxes(store, changes, clock)
  const texts = createTexts({ store, config, changes, clock, log })
  const messages = new Messages(store, changes, clock, texts.textRunner)
  const settings = new ServiceSettings(store, clock)
  const brands = new Brands({ store, settings, clock, hostname: config.hostname })
  const secretKey = loadSecretKey(secretKeyPath(config))
  const publicUrl = await PublicUrl.open(store, config)
  const { linkTo } = publicUrl
  const observed = { work, wakeQueue, traffic, traces, signInsWritten, clock, log }
  const outgoing = createOutgoingMail({ store, changes, settings, brands, config, secretKey, linkTo, ...observed })
  const { notices } = outgoing
  const box = createSecretBox(secretKey)
  return {
    store,
    changes,
    mailboxes,
    messages,
    ...texts,
    ...outgoing,
    box,
    billing: createBilling({ notices, store, settings, linkTo: publicUrl.linkTo, box, config, clock }),
    directory: createDirectory({ store, settings, clock }),
    publicUrl,
    brands,
    ...createUserServices({ store, settings, notices, linkTo: publicUrl.linkTo, clock }),
    settings,
    queue: createQueueControl({ store, clock, wake: wakeQueue }),
    scripts: new Scripts(store, clock),
    commonScripts: new CommonScripts(store, clock, () => outgoing.compiledRules.forgetCommon()),
    importer: new Importer(mailboxes, messages),
    ...createTraces({ store, settings, linkTo: publicUrl.linkTo, wakeQueue, clock }),
  }
}
