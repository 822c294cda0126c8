/** What /help answers. */
export type Topic = 'start' | 'devices' | 'mail' | 'account' | 'domain'

export interface ArticleHead {
  slug: string
  title: string
  summary: string
  topic: Topic
}

export interface FoundArticle extends ArticleHead {
  /** The part that fits best. */
  section: { id: string; title: string } | null
}

export interface Article extends ArticleHead {
  /** Made by the service of its own articles: the one HTML of the API that may be put into the page. */
  html: string
  contents: { id: string; title: string }[]
}
