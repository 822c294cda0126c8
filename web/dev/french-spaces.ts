/**
 * No-break spaces in French texts: before : ; ! ? » and after «. The structure tests find those that are missing;
 *   node web/dev/french-spaces.ts
 * puts them in.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const literal = /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g
// Of a template only what stands outside ${…}: the rest is TypeScript, which has its own ? and :
const outside = /\$\{(?:[^{}]|\{[^{}]*\})*\}|[^$]+|\$/g
const before = /(?<=[\p{L}\p{N}).…”’»]) (?=[:;!?»](?:[\s'`<]|$))/gu

function unbroken(text: string): string {
  // A value that ends at the sign, as in `${name} :`, leaves a part that begins with the space.
  return text
    .replace(before, '\u00a0')
    .replace(/^ (?=[:;!?»](?:[\s'`<]|$))/u, '\u00a0')
    .replaceAll('« ', '«\u00a0')
}

/** `source` with the spaces of its French texts made right. */
export function withFrenchSpaces(source: string): string {
  return source.replace(literal, text => text.replace(outside, part => (part.startsWith('${') ? part : unbroken(part))))
}

/** Texts of the server that people read as they stand there; those of its API get theirs as they are told. */
const onServer = ['mail/notices', 'accounts/service-settings/catalogue.ts', 'wire/report']

const repository = path.resolve(import.meta.dirname, '../..')

function sources(folderOrFile: string): string[] {
  const found = path.join(repository, folderOrFile)
  if (!statSync(found).isDirectory()) return [found]
  return readdirSync(found, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
    .map(name => path.join(found, name))
}

export function textFiles(): string[] {
  const ofWeb = sources('web/src').filter(file => readFileSync(file, 'utf8').includes('defineTexts('))
  return [...ofWeb, ...onServer.flatMap(name => sources(path.join('src', name)))]
}

if (import.meta.main)
  for (const file of textFiles()) {
    const source = readFileSync(file, 'utf8')
    const right = withFrenchSpaces(source)
    if (right !== source) {
      writeFileSync(file, right)
      console.log(path.relative(process.cwd(), file))
    }
  }
