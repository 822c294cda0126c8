/**
 * The part of a report that people read: plain text and HTML that say the same, as multipart/alternative.
 *
 * RFC 6522 §3 asks for any human-readable body as the first part and names multipart/alternative as a way to give it in
 * several media. The plain text comes first in it, so that programs which take the first text they meet read that, and the
 * richer one last, as RFC 2046 §5.1.4 has it.
 */
import { encodeQuotedPrintable } from '../mime/transfer-encoding.ts'
import type { Block, ReportWords } from './words.ts'

/** A line between two languages, in plain text. */
const RULE = '-'.repeat(40)

export function plainText({ byLanguage }: ReportWords): string {
  return byLanguage.map(({ blocks }) => `${blocks.map(plainBlock).join('\r\n\r\n')}\r\n`).join(`\r\n${RULE}\r\n\r\n`)
}

function plainBlock(block: Block): string {
  if ('heading' in block) return `* ${block.heading}`
  if ('url' in block) return `${block.action}\r\n${block.url}`
  if ('list' in block) return block.list.join('\r\n')
  if ('quote' in block) return [block.name, ...block.quote.map(line => `> ${line}`)].join('\r\n')
  return 'name' in block ? `${block.name}\r\n${block.text}` : block.text
}

export function html({ byLanguage }: ReportWords): string {
  const parts = byLanguage.map(
    ({ language, blocks }) => `<div lang="${language}">\r\n${blocks.map(htmlBlock).join('\r\n')}\r\n</div>\r\n`,
  )
  const language = byLanguage[0]?.language ?? 'en'
  return [
    '<!doctype html>',
    `<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>`,
    '<body style="font-family: system-ui, sans-serif; line-height: 1.5; max-width: 40em">',
    parts.join('<hr>\r\n').trimEnd(),
    '</body></html>',
    '',
  ].join('\r\n')
}

const quoteStyle = 'margin: 0.25em 0; padding: 0.5em 1em; border-left: 3px solid #888; font-family: monospace'

function htmlBlock(block: Block): string {
  if ('heading' in block) return `<h2 style="font-size: 1.1em">${escaped(block.heading)}</h2>`
  if ('url' in block) {
    const url = escaped(block.url)
    return `<p><a href="${url}">${escaped(block.action)}</a><br><small>${url}</small></p>`
  }
  if ('list' in block) return `<ul>${block.list.map(line => `<li>${escaped(line)}</li>`).join('')}</ul>`
  if ('quote' in block)
    return `<p><strong>${escaped(block.name)}</strong></p>\r\n<blockquote style="${quoteStyle}">${block.quote.map(escaped).join('<br>')}</blockquote>`
  return 'name' in block
    ? `<p><strong>${escaped(block.name)}</strong><br>\r\n${escaped(block.text)}</p>`
    : `<p>${escaped(block.text)}</p>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string): string => text.replace(/[&<>"']/g, character => entities[character] ?? '')

/** The whole body part, all of it 7-bit, without its own header. */
export function alternative(words: ReportWords, boundary: string): Buffer {
  const part = (type: string, text: string): string =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${encodeQuotedPrintable(Buffer.from(text))}\r\n`
  return Buffer.from(`${part('text/plain', plainText(words))}${part('text/html', html(words))}--${boundary}--\r\n`)
}
