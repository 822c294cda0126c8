/** docs/operate/settings.md, made from the declarations. A test compares it with the file. */
import { type Setting, settingNames, settings, variableOf } from './config-settings.ts'

const introduction = `# Settings

Settings come from flags, the environment and \`facteur.toml\`, in this order; then the default holds. \`facteur.toml\` is looked for in the folder the service is
started in, or named with \`--config FILE\` (or \`FACTEUR_CONFIG\`). Relative paths start from the folder of the file they are written in, else from the
folder the service is started in. A setting that is unknown or wrong stops the start; \`npx facteur config print\` shows what is in force, and where it
came from. Domains, mailboxes and aliases are not settings: they live in the store.

- A size has a unit, \`kB\`, \`MB\`, \`GB\` or \`TB\`, each 1024 times the one before; 0 needs none.
- A duration has units: \`90s\`, \`5m\`, \`1h30m\`, \`5d\`.
- A port is a number (on \`listen.address\`), an address with a port (\`"192.0.2.1:25"\`, \`"[2001:db8::1]:25"\`), an array of these, or \`"off"\`. 0 takes any free one.
- In the environment, the items of an array are separated by commas.

\`\`\`toml
hostname = "mail.example.org"
message-size-limit = "25MB"

[listen]
http = "off"

[tls]
certificate = "/etc/letsencrypt/live/mail.example.org/fullchain.pem"
key = "/etc/letsencrypt/live/mail.example.org/privkey.pem"
\`\`\`
`

const titles: Record<string, string> = {
  '': 'At the top of the file',
  listen: 'Addresses and ports',
  web: 'Panels',
  notices: 'Mails of the service itself',
  tls: 'Certificate',
  s3: 'Object store',
  dns: 'DNS',
  queue: 'Queue',
  webhooks: 'Webhooks',
  limits: 'Limits',
  log: 'Log',
}

export function settingsPage(): string {
  const sections = Map.groupBy(settingNames, name => settings[name].key.split('.').slice(0, -1).join('.'))
  const text = [...sections].map(([table, names]) => {
    const heading = table ? `## \`[${table}]\` ${titles[table]}` : `## ${titles['']}`
    return [heading, ...names.map(name => entry(settings[name]))].join('\n\n')
  })
  return `${introduction}\n${text.join('\n\n')}\n`
}

function entry(setting: Setting<unknown>): string {
  const { key, kind, fallback, fallbackText, doc } = setting
  return [
    `### \`${key}\``,
    doc,
    [
      `- Takes: ${kind.expected}`,
      `- Default: ${fallbackText ?? `\`${kind.show(fallback)}\``}`,
      `- Variable: \`${variableOf(key)}\``,
    ].join('\n'),
  ].join('\n\n')
}
