/** What a place shows when there is nothing, not yet, or not any more. */
import { CloudOff, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiProblem } from '../api/problem.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import { Icon, type IconType } from './icon.tsx'
import './states.css'

const texts = defineTexts({
  fr: { failed: 'Impossible d’afficher cette partie', retry: 'Réessayer', loading: 'Chargement…' },
  en: { failed: 'This part can’t be shown', retry: 'Try again', loading: 'Loading…' },
})

export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: IconType
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="state">
      {icon && (
        <span className="state-icon">
          <Icon of={icon} size={22} />
        </span>
      )}
      <p className="state-title">{title}</p>
      {children && <div className="muted">{children}</div>}
      {action && <div className="state-action">{action}</div>}
    </div>
  )
}

export function ErrorState({
  problem,
  retry,
  title,
  heading,
}: {
  problem: Pick<ApiProblem, 'message'>
  retry?: (() => void) | undefined
  title?: ReactNode
  /** Where this is the whole page: its title is the page's. */
  heading?: boolean
}) {
  const t = useTexts(texts)
  const Title = heading ? 'h1' : 'p'
  return (
    <div className="state" role="alert">
      <span className="state-icon danger">
        <Icon of={CloudOff} size={22} />
      </span>
      <Title className="state-title">{title ?? t.failed}</Title>
      <p className="muted">{problem.message}</p>
      {retry && (
        <div className="state-action">
          <Button icon={RotateCw} onClick={retry}>
            {t.retry}
          </Button>
        </div>
      )}
    </div>
  )
}

/** A grey place-holder; `width` and `height` in CSS units. Put one `<Loading>` around, which is what is read aloud. */
export function Skeleton({
  width = '100%',
  height = '1rem',
  round,
}: {
  width?: string
  height?: string
  round?: boolean
}) {
  return (
    <span
      className={classNames('skeleton', round && 'round')}
      style={{ inlineSize: width, blockSize: height }}
      aria-hidden="true"
    />
  )
}

const lineWidths = ['92%', '78%', '85%', '64%', '88%', '71%', '80%', '58%']

/** Lines of text that are not there yet (8 at most), or whatever is passed to look like them. */
export function Loading({ lines = 3, children }: { lines?: number; children?: ReactNode }) {
  const t = useTexts(texts)
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{t.loading}</span>
      {children ?? lineWidths.slice(0, lines).map(width => <Skeleton key={width} width={width} />)}
    </div>
  )
}

/** One place that waits for `resource`: skeleton, problem with a retry, or the content. */
export function Await<T>({
  resource,
  loading,
  children,
}: {
  resource: { data: T | undefined; problem: ApiProblem | null; retry(): void }
  loading?: ReactNode
  children(data: T): ReactNode
}) {
  if (resource.data !== undefined) return children(resource.data)
  if (resource.problem) return <ErrorState problem={resource.problem} retry={resource.retry} />
  return <Loading>{loading}</Loading>
}
