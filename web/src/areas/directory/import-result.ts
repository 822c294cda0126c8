/** What became of a list, and its file for a spreadsheet. */
export interface ImportResult {
  address: string
  name: string
  /** Of the single-use link; empty where there is none. */
  link: string
  sentTo: string
  problem: string
  isCreated: boolean
}

/** With a mark, so that spreadsheets read the accents; a cell that begins like a formula is told not to be one. */
export function csvOf(headings: readonly string[], results: readonly ImportResult[]): string {
  const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  const rows = results.map(({ address, name, link, sentTo, problem }) => [address, name, link, sentTo, problem])
  return `\ufeff${[headings, ...rows].map(row => row.map(cell).join(';')).join('\r\n')}\r\n`
}

export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
