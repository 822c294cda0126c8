/** The text of an article as the service made it; what is to be typed elsewhere gets a button to copy it. */
import { type MouseEvent, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { useTexts } from '../../shared/texts/texts.ts'
import { texts } from './texts.ts'

const copyIcon =
  '<svg width="14" height="14" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true"><rect x="8" y="8" width="14" height="14" rx="2"/><path d="M4 16a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2"/></svg>'

export function ArticleText({ html }: { html: string }) {
  const t = useTexts(texts)
  const [, navigate] = useLocation()
  const text = useRef<HTMLDivElement>(null)
  const said = useRef<HTMLParagraphElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has other values in it.
  useEffect(() => {
    const container = text.current
    if (container === null) return
    for (const code of container.querySelectorAll<HTMLElement>('code[data-copy]')) {
      const value = code.textContent ?? ''
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'help-copy no-print'
      button.title = t.copy(value)
      button.setAttribute('aria-label', t.copy(value))
      button.innerHTML = copyIcon
      button.onclick = async () => {
        let done = true
        try {
          await navigator.clipboard.writeText(value)
        } catch {
          done = false
        }
        if (said.current) said.current.textContent = done ? t.copied : t.copyFailed
        button.classList.toggle('done', done)
        setTimeout(() => button.classList.remove('done'), 2000)
      }
      code.after(button)
    }
    return () => {
      for (const button of container.querySelectorAll('.help-copy')) button.remove()
    }
  }, [html, t])

  // biome-ignore lint/correctness/useExhaustiveDependencies: once the text is there, the part that the address names can be shown.
  useEffect(() => {
    const part = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null
    part?.scrollIntoView()
  }, [html])

  const follow = (event: MouseEvent<HTMLDivElement>): void => {
    const link = (event.target as HTMLElement).closest('a')
    const href = link?.getAttribute('href') ?? ''
    if (!href.startsWith('/help/') || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    navigate(href)
  }

  return (
    <div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links in it are what takes the key. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above. */}
      <div
        ref={text}
        className="help-text"
        onClick={follow}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made by the service of its own articles, values escaped (src/help/markdown.ts).
        dangerouslySetInnerHTML={{ __html: html }}
      />
      <p ref={said} className="visually-hidden" role="status" />
    </div>
  )
}
