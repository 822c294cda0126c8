/** One article, with the reader's own address and servers in it, and what it is made of beside it. */
import { FileQuestion, Printer } from 'lucide-react'
import { useParams } from 'wouter'
import { useLanguage } from '../../shared/texts/language.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button, ButtonLink } from '../../shared/ui/button.tsx'
import { EmptyState, ErrorState, Loading } from '../../shared/ui/states.tsx'
import { ArticleText } from './article-text.tsx'
import type { Article } from './contract.ts'
import { HelpFrame, StillStuck } from './frame.tsx'
import { texts } from './texts.ts'
import { useLoaded } from './use-loaded.ts'

export default function ArticlePage() {
  const t = useTexts(texts)
  const language = useLanguage()
  const { slug = '' } = useParams<{ slug: string }>()
  const { data, problem, retry } = useLoaded<Article>(`/help/articles/${encodeURIComponent(slug)}`, { language })
  const crumbs = [{ href: '/help', label: t.title }]
  if (problem?.status === 404)
    return (
      <HelpFrame title={t.notFound} description={t.notFoundText} crumbs={crumbs}>
        <EmptyState icon={FileQuestion} title={t.notFound} action={<ButtonLink href="/help">{t.back}</ButtonLink>} />
      </HelpFrame>
    )
  if (data === undefined)
    return (
      <HelpFrame title={t.title} description="" crumbs={crumbs}>
        {problem ? <ErrorState problem={problem} retry={retry} /> : <Loading lines={8} />}
      </HelpFrame>
    )
  return (
    <HelpFrame
      key={data.slug}
      title={data.title}
      description={data.summary}
      crumbs={crumbs}
      actions={
        <Button small icon={Printer} onClick={() => print()}>
          {t.print}
        </Button>
      }
    >
      <div className="help-article">
        {data.contents.length > 1 && <Contents contents={data.contents} />}
        <ArticleText html={data.html} />
      </div>
      <StillStuck from={`/help/${data.slug}`} />
    </HelpFrame>
  )
}

function Contents({ contents }: { contents: Article['contents'] }) {
  const t = useTexts(texts)
  return (
    <nav className="help-contents no-print" aria-labelledby="help-contents">
      <p id="help-contents">{t.onThisPage}</p>
      <ol className="list">
        {contents.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ol>
    </nav>
  )
}
