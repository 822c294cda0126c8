/** All articles of the help centre, read once at the start. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { programFolder } from '../ops/program-folder.ts'
import { type ArticleSource, parseArticle, topics } from './article-source.ts'
import { type RenderedArticle, renderArticle } from './markdown.ts'
import { createSearchIndex, type FoundArticle, type SearchIndex } from './search.ts'
import { type HelpValues, standIns } from './values.ts'

export type HelpLanguage = 'fr' | 'en'

export interface HelpLibrary {
  /** By topic, in order. */
  list(language: HelpLanguage): readonly ArticleSource[]
  /** null where there is none of that name. */
  article(
    language: HelpLanguage,
    slug: string,
    values: HelpValues,
  ): { source: ArticleSource; rendered: RenderedArticle } | null
  search(language: HelpLanguage, words: string): FoundArticle[]
}

export const helpFolder = path.join(programFolder, 'help')

/** Throws where an article is not written as it must be. */
export function openHelpLibrary(folder: string = helpFolder): HelpLibrary {
  const articles = { fr: readArticles(path.join(folder, 'fr')), en: readArticles(path.join(folder, 'en')) }
  const indexes: Partial<Record<HelpLanguage, SearchIndex>> = {}
  return {
    list: language => articles[language],
    article(language, slug, values) {
      const source = articles[language].find(article => article.slug === slug)
      return source ? { source, rendered: renderArticle(source.markdown, values, standIns[language]) } : null
    },
    // Made when somebody searches for the first time.
    search: (language, words) => (indexes[language] ??= createSearchIndex(articles[language])).search(words),
  }
}

function readArticles(folder: string): ArticleSource[] {
  const files = readdirSync(folder).filter(name => name.endsWith('.md'))
  const articles = files.map(name => parseArticle(name.slice(0, -3), readFileSync(path.join(folder, name), 'utf8')))
  return articles.toSorted((a, b) => topics.indexOf(a.topic) - topics.indexOf(b.topic) || a.order - b.order)
}
