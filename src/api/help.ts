/** /help: the help centre's articles, filled in for their reader. Public, as whoever can't sign in needs it most. */
import Type from 'typebox'
import type { Actor } from '../accounts/actor.ts'
import { topics } from '../help/article-source.ts'
import { SEARCH_CHARACTERS } from '../help/limits.ts'
import { readerValues } from '../help/reader-values.ts'
import type { HelpValues } from '../help/values.ts'
import type { Language } from '../store/types/principals.ts'
import { ApiProblem } from './problem.ts'
import { type Route, route } from './route.ts'
import { LanguageCode } from './schemas.ts'
import type { ApiServices } from './services.ts'

const ArticleHead = Type.Object({
  slug: Type.String(),
  title: Type.String(),
  summary: Type.String(),
  topic: Type.Enum([...topics]),
})
const Section = Type.Object({ id: Type.String(), title: Type.String() })
/** Where it isn't given, the language of the request. */
const language = Type.Optional(LanguageCode)

export const HelpArticleSchema = Type.Object({
  ...ArticleHead.properties,
  language: LanguageCode,
  html: Type.String({ description: 'Made by the service of its own articles; the values in it are escaped' }),
  contents: Type.Array(Section),
})

type HelpServices = Pick<ApiServices, 'help' | 'clientSetUp' | 'brands' | 'facts'>

export function helpRoutes(services: HelpServices): Route[] {
  const { help } = services
  return [
    route({
      method: 'GET',
      path: '/help',
      operationId: 'listHelpArticles',
      summary: 'All articles of the help centre, by topic',
      tag: 'help',
      access: 'public',
      scope: null,
      query: Type.Object({ language }),
      response: Type.Object({ items: Type.Array(ArticleHead) }),
      handle: async call => ({ items: help.list(call.query.language ?? call.language).map(headOf) }),
    }),
    route({
      method: 'GET',
      path: '/help/search',
      operationId: 'searchHelp',
      summary: 'Articles that fit some words, best first',
      tag: 'help',
      access: 'public',
      scope: null,
      query: Type.Object({ words: Type.String({ maxLength: SEARCH_CHARACTERS }), language }),
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            ...ArticleHead.properties,
            section: Type.Union([Section, Type.Null()], { description: 'The part of it that fits best' }),
          }),
        ),
      }),
      async handle(call) {
        const found = help.search(call.query.language ?? call.language, call.query.words)
        return { items: found.map(({ article, section }) => ({ ...headOf(article), section })) }
      },
    }),
    route({
      method: 'GET',
      path: '/help/articles/:slug',
      operationId: 'getHelpArticle',
      summary: 'An article, with the address and servers of whoever reads it',
      tag: 'help',
      access: 'public',
      scope: null,
      params: Type.Object({ slug: Type.String({ maxLength: 100 }) }),
      query: Type.Object({ language }),
      response: HelpArticleSchema,
      async handle(call) {
        const spoken = call.query.language ?? call.language
        const found = help.article(spoken, call.params.slug, await valuesFor(services, call, spoken))
        if (!found) throw new ApiProblem('not-found')
        return { ...headOf(found.source), language: spoken, ...found.rendered }
      },
    }),
  ]
}

function headOf({ slug, title, summary, topic }: { slug: string; title: string; summary: string; topic: string }) {
  return { slug, title, summary, topic: topics.find(name => name === topic)! }
}

async function valuesFor(
  { clientSetUp, brands, facts }: HelpServices,
  { actor, host }: { actor: Actor | null; host: string },
  spoken: Language,
): Promise<HelpValues> {
  const [servers, { supportAddress }] = await Promise.all([
    clientSetUp.servers(),
    actor ? brands.forActor(actor) : brands.forHost(host),
  ])
  return readerValues(
    {
      address: actor?.hasMailbox ? actor.address : null,
      servers,
      panelUrl: clientSetUp.web.url,
      webmailUrl: null,
      supportAddress,
      maxMessageBytes: facts.maxMessageBytes,
      perMailboxHour: null,
    },
    spoken,
  )
}
