/** docs/operate/service-settings.md, made from the catalogue. A test compares it with the file. */
import { catalogue, type SettingKey, settingKeys } from './catalogue.ts'

const introduction = `# Settings of the service

These live in the store and hold for every node; staff change them in the panel, over the API (\`PATCH /api/v1/service/settings\`), or here, without a
restart. Each change is in the audit log. What a process needs to start stands in \`facteur.toml\` instead: see [settings](settings.md).

\`\`\`
npx facteur service settings
npx facteur service set name "Courrier"
npx facteur service reset name
\`\`\`
`

export function serviceSettingsPage(): string {
  return `${introduction}\n${settingKeys.map(entry).join('\n\n')}\n`
}

function entry(key: SettingKey): string {
  const { kind, fallback, doc } = catalogue[key]
  const [title, text] = doc.en
  const isEmpty = fallback === null || (Array.isArray(fallback) && fallback.length === 0)
  return [
    `## \`${key}\``,
    `${title}. ${text}`,
    [`- Takes: ${kind.expected}`, `- Default: ${isEmpty ? 'none' : `\`${String(fallback)}\``}`].join('\n'),
  ].join('\n\n')
}
