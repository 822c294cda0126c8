/**
 * What axe finds on a page as it stands. Its script goes into a document once, and looks for nothing but violations: a page takes a
 * fraction of what AxeBuilder takes, which opens a second page for each look and describes what passed as well.
 */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

export interface Violation {
  /** Of axe's rule. */
  id: string
  /** Selectors of the element, from the outermost document inwards. */
  target: string[]
  summary: string
}

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** By WCAG 2.2 A and AA; more of axe's tags may be asked for. */
export async function axeViolations(page: Page, moreTags: readonly string[] = []): Promise<Violation[]> {
  // Evaluated through the browser's own connection, so a page's policy on scripts has no say in it.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  // Colours of a scheme or of a state that has just changed are those of the frame after, at the earliest.
  await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
  const options = { runOnly: [...wcag, ...moreTags], resultTypes: ['violations'] }
  return page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => ({ id, target: target.flat(), summary: failureSummary ?? '' }))))`,
  )
}
