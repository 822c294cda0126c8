/** The help stands inside the panel for whoever is signed in, and in a page of its own for everybody else. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useService } from '../../shared/api/service.ts'
import { useSessionState } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { ButtonLink } from '../../shared/ui/button.tsx'
import { type Crumb, Page } from '../../shared/ui/page.tsx'
import { OutsidePage } from '../outside.tsx'
import './help.css'
import { texts } from './texts.ts'

export function useIsSignedIn(): boolean {
  return useSessionState().status === 'signed-in'
}

export function HelpFrame({
  title,
  description,
  crumbs = [],
  actions,
  children,
}: {
  title: string
  description: ReactNode
  crumbs?: readonly Crumb[]
  actions?: ReactNode
  children: ReactNode
}) {
  const isSignedIn = useIsSignedIn()
  if (isSignedIn)
    return (
      <Page title={title} description={description} breadcrumbs={crumbs} actions={actions}>
        {children}
      </Page>
    )
  return (
    <OutsidePage
      wide
      title={title}
      description={
        <div className="stack tight">
          <div>{description}</div>
          <div className="row no-print">
            {crumbs.map(({ href, label }) => (
              <Link key={href} href={href}>
                {label}
              </Link>
            ))}
            {actions}
          </div>
        </div>
      }
    >
      {children}
    </OutsidePage>
  )
}

/** What is left to do for whoever did not find an answer. `from`: the page he read. */
export function StillStuck({ from }: { from: string }) {
  const t = useTexts(texts)
  const isSignedIn = useIsSignedIn()
  const { supportAddress } = useService()
  if (supportAddress === null) return null
  return (
    <section className="help-stuck no-print" aria-labelledby="help-stuck">
      <div>
        <h2 id="help-stuck">{t.stuck}</h2>
        <p className="muted">{isSignedIn ? t.stuckText : t.stuckOutside}</p>
      </div>
      {isSignedIn ? (
        <ButtonLink href={`/help/contact?from=${encodeURIComponent(from)}`}>{t.contact}</ButtonLink>
      ) : (
        <ButtonLink href={`mailto:${supportAddress}`} external>
          {t.contact}
        </ButtonLink>
      )}
    </section>
  )
}
