/** Finds articles by words, by section: accents and capitals don't matter, a beginning or a small mistake will do. */
import MiniSearch from 'minisearch'
import type { ArticleSource } from './article-source.ts'
import { SEARCH_CHARACTERS, SEARCH_RESULTS, SEARCH_WORDS } from './limits.ts'
import { sectionsOf } from './markdown.ts'

export interface FoundArticle {
  article: ArticleSource
  /** The part that fits best; null for the article as such. */
  section: { id: string; title: string } | null
}

export interface SearchIndex {
  search(words: string): FoundArticle[]
}

interface Entry {
  id: number
  title: string
  summary: string
  keywords: string
  heading: string
  text: string
}

/** Words too common to tell articles apart: here all is about mail. */
const COMMON = new Set(
  'a au aux avec dans mail mails email emails ce ces cette comment dans de des du en est et il je la le les leur ma mais me mes mon ne nous on ou par pas plus pour qu que quel quelle qui sa se ses si son sont sur un une vos votre vous the of to and in is it my how do does can what why when with for on an or not i you your'.split(
    ' ',
  ),
)

/** `5.1.1` is one word, and `l’adresse` two. */
const wordsOf = (text: string): string[] => text.match(/\d+(?:\.\d+)+|[\p{L}\p{N}\p{M}]+/gu) ?? []

function fold(word: string): string | null {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('œ', 'oe').replaceAll('æ', 'ae')
  return COMMON.has(plain) || (plain.length < 2 && !/\d/.test(plain)) ? null : plain
}

export function createSearchIndex(articles: readonly ArticleSource[]): SearchIndex {
  const found: FoundArticle[] = []
  const entries: Entry[] = []
  for (const article of articles)
    for (const { id, heading, text } of sectionsOf(article.markdown)) {
      const isFirst = id === null
      entries.push({
        id: found.length,
        title: isFirst ? article.title : '',
        summary: isFirst ? article.summary : '',
        keywords: isFirst ? article.keywords : '',
        heading,
        text,
      })
      found.push({ article, section: isFirst ? null : { id, title: heading } })
    }
  const index = new MiniSearch<Entry>({
    fields: ['title', 'keywords', 'heading', 'summary', 'text'],
    tokenize: wordsOf,
    processTerm: fold,
    searchOptions: {
      boost: { title: 5, keywords: 4, heading: 3, summary: 2 },
      prefix: term => term.length > 3,
      fuzzy: term => (term.length > 4 && !/\d/.test(term) ? 0.2 : false),
    },
  })
  index.addAll(entries)
  return {
    search(words) {
      const asked = [...new Set(wordsOf(words.slice(0, SEARCH_CHARACTERS)).map(fold))].filter(word => word !== null)
      const best = new Map<string, Hit>()
      for (const result of index.search(asked.slice(0, SEARCH_WORDS).join(' '))) {
        const { article, section } = found[result.id]!
        const matched = result.queryTerms.length
        // All of few words says more than one of them, however often.
        const score = result.score * (matched / asked.length) ** 2
        const known = best.get(article.slug) ?? { article, score: 0, section: null, inSection: 0, inHead: 0 }
        const isTitle =
          result.queryTerms.length === asked.length && Object.values(result.match).flat().includes('title')
        best.set(article.slug, {
          article,
          score: Math.max(known.score, score),
          ...(section && matched > known.inSection
            ? { section, inSection: matched }
            : { section: known.section, inSection: known.inSection }),
          inHead: section ? known.inHead : isTitle ? Infinity : matched,
        })
      }
      const ranked = [...best.values()].toSorted((a, b) => b.score - a.score).slice(0, SEARCH_RESULTS)
      // A part is named where it has all that the head has: else the article is what was looked for.
      return ranked.map(({ article, section, inSection, inHead }) => ({
        article,
        section: inSection >= inHead ? section : null,
      }))
    },
  }
}

interface Hit extends FoundArticle {
  score: number
  /** Words found in the part, and in title, summary and keywords. */
  inSection: number
  inHead: number
}
