/** Until a link is known to be good: waiting, or why it is not. */
import type { ReactNode } from 'react'
import { defineTexts, useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { Loading } from '../../shared/ui/states.tsx'
import { OutsidePage } from '../outside.tsx'
import type { Link } from './use-link.ts'

const texts = defineTexts({
  fr: {
    over: 'Ce lien ne fonctionne plus',
    overText:
      'Il a déjà servi, il a expiré ou il a été annulé. Demandez-en un nouveau à la personne qui vous l’a envoyé.',
    retry: 'Réessayer',
    toSignIn: 'Aller à la page de connexion',
  },
  en: {
    over: 'This link no longer works',
    overText: 'It was used, has expired, or was revoked. Ask whoever sent it for a new one.',
    retry: 'Try again',
    toSignIn: 'Go to the sign-in page',
  },
})

export function LinkPage<T>({
  link,
  title,
  overText,
  children,
}: {
  link: Link<T>
  title: string
  /** What to do where the link is over, if not ask whoever sent it. */
  overText?: ReactNode
  children(opened: T): ReactNode
}) {
  const t = useTexts(texts)
  const { opened, problem, retry } = link
  if (opened !== undefined) return children(opened)
  const isOver = problem !== null && (problem.code === 'link-over' || problem.code === 'invalid-request')
  return (
    <OutsidePage title={isOver ? t.over : title}>
      {!problem && <Loading />}
      {problem && (
        <>
          <Alert kind={isOver ? 'warning' : 'danger'} live>
            {isOver ? (overText ?? t.overText) : problem.message}
          </Alert>
          {isOver ? <ButtonLink href="/">{t.toSignIn}</ButtonLink> : <Button onClick={retry}>{t.retry}</Button>}
        </>
      )}
    </OutsidePage>
  )
}
