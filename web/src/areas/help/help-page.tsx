/** The help centre: search first, then every article by topic. */
import { SearchX } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { en, fr } from '../../shared/texts/format.ts'
import { useLanguage } from '../../shared/texts/language.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { SearchField } from '../../shared/ui/search-field.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import type { ArticleHead, FoundArticle, Topic } from './contract.ts'
import { HelpFrame, StillStuck, useIsSignedIn } from './frame.tsx'
import { texts } from './texts.ts'
import { useLoaded } from './use-loaded.ts'

const topics: readonly Topic[] = ['start', 'devices', 'mail', 'account', 'domain']

export default function HelpPage() {
  const t = useTexts(texts)
  const language = useLanguage()
  const isSignedIn = useIsSignedIn()
  const [words, setWords] = useState(() => new URLSearchParams(location.search).get('q') ?? '')
  const asked = words.trim()
  const list = useLoaded<{ items: ArticleHead[] }>('/help', { language })
  const found = useLoaded<{ items: FoundArticle[] }>(asked === '' ? null : '/help/search', { words: asked, language })
  const search = (typed: string): void => {
    setWords(typed)
    // So that going back from an article, and sending the address to someone, show the same.
    history.replaceState(
      history.state,
      '',
      typed.trim() === '' ? '/help' : `/help?q=${encodeURIComponent(typed.trim())}`,
    )
  }
  return (
    <HelpFrame title={t.title} description={isSignedIn ? t.description : t.descriptionOutside}>
      <SearchField value={words} onChange={search} label={t.search} />
      {asked === '' ? (
        <Await resource={list}>
          {({ items }) => (
            <div className="help-topics">
              {topics.map(topic => (
                <section key={topic} aria-labelledby={`topic-${topic}`}>
                  <h2 id={`topic-${topic}`}>{t.topics[topic]}</h2>
                  <ArticleLinks articles={items.filter(article => article.topic === topic)} />
                </section>
              ))}
            </div>
          )}
        </Await>
      ) : (
        <Await resource={found}>{({ items }) => <Results items={items} />}</Await>
      )}
      <StillStuck from="/help" />
    </HelpFrame>
  )
}

function ArticleLinks({ articles }: { articles: readonly ArticleHead[] }) {
  return (
    <ul className="list help-links">
      {articles.map(({ slug, title }) => (
        <li key={slug}>
          <Link href={`/help/${slug}`}>{title}</Link>
        </li>
      ))}
    </ul>
  )
}

function Results({ items }: { items: readonly FoundArticle[] }) {
  const t = useTexts(texts)
  const format = useLanguage() === 'fr' ? fr : en
  return (
    <div className="stack">
      <p className="visually-hidden" role="status">
        {items.length === 0 ? t.nothing : t.results(format.plural(items.length, t.one, t.many))}
      </p>
      {items.length === 0 ? (
        <EmptyState icon={SearchX} title={t.nothing}>
          {t.nothingText}
        </EmptyState>
      ) : (
        <ul className="list help-results">
          {items.map(({ slug, title, summary, section }) => (
            <li key={slug}>
              <Link href={`/help/${slug}`} className="help-result-title">
                {title}
              </Link>
              {section && (
                <Link href={`/help/${slug}#${section.id}`} className="help-result-part">
                  {section.title}
                </Link>
              )}
              <p className="muted">{summary}</p>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
