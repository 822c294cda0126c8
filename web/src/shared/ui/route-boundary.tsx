/** Keeps a page that breaks from taking the application with it, and says so. A part that can't be loaded is one we can ask for again. */
import { Component, type ReactNode } from 'react'
import { defineTexts, textsNow } from '../texts/texts.ts'
import { ErrorState } from './states.tsx'

const texts = defineTexts({
  fr: {
    title: 'Cette page ne peut pas s’afficher',
    broken:
      'Une erreur s’est produite dans l’application. Rechargez la page ; si cela se répète, prévenez l’assistance.',
    notLoaded: 'Une partie de l’application n’a pas pu être chargée. Vérifiez votre connexion, puis rechargez la page.',
  },
  en: {
    title: 'This page can’t be shown',
    broken: 'Something went wrong in the application. Reload the page; if it happens again, tell support.',
    notLoaded: 'A part of the application could not be loaded. Check your connection, then reload the page.',
  },
})

interface Props {
  children: ReactNode
}

export class RouteBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override componentDidCatch(error: unknown): void {
    console.error(error)
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    const t = textsNow(texts)
    // A script is refused by the browser, its styles by what loads them.
    const notLoaded =
      (error instanceof TypeError && /import|module|fetch/i.test(error.message)) ||
      (error instanceof Error && error.message.startsWith('Unable to preload'))
    return (
      <ErrorState
        title={t.title}
        problem={{ message: notLoaded ? t.notLoaded : t.broken }}
        retry={() => location.reload()}
      />
    )
  }
}
