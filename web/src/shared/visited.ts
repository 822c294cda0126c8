/** The way back through a visit: where each page was left, so that going back leads there and not to its top. */
interface Place {
  top: number
  /** That led away, if one did. */
  link: string | null
}

const left = new Map<string, Place>()
let shown = location.href
let place: Place | null = null

function leave(): void {
  const { activeElement } = document
  const link = activeElement instanceof HTMLAnchorElement ? activeElement.getAttribute('href') : null
  left.set(shown, { top: scrollY, link })
  shown = location.href
}

addEventListener('pushState', () => {
  leave()
  place = null
})
addEventListener('replaceState', () => {
  shown = location.href
  place = null
})
addEventListener('popstate', () => {
  leave()
  place = left.get(shown) ?? null
})

/** By the browser's back or forward, to a page that was seen before. */
export const cameBack = (): boolean => place !== null

/** What makes a person's own way on the page: nothing is moved under him. */
const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

/**
 * Scrolls to where the page in `content` was left, as soon as it is as long again, and focuses the link it was left by. Ended by what it returns.
 * The browser's own attempt comes before there is anything to scroll to.
 */
export function goBackIn(content: HTMLElement): () => void {
  const { top, link } = place ?? { top: 0, link: null }
  const isThere = (): boolean => {
    const by = [...content.querySelectorAll('a')].find(each => each.getAttribute('href') === link)
    if (by && document.activeElement?.tagName !== 'A') by.focus({ preventScroll: true })
    scrollTo({ top, behavior: 'instant' })
    return Math.abs(scrollY - top) < 1
  }
  if (isThere()) return () => undefined
  const grown = new ResizeObserver(() => isThere() && stop())
  const stop = (): void => {
    grown.disconnect()
    for (const move of moves) removeEventListener(move, stop)
  }
  for (const move of moves) addEventListener(move, stop, { passive: true })
  grown.observe(content)
  return stop
}
