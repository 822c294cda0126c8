import { openHelpLibrary } from '../../../../src/help/library.ts'
import type { Screen } from '../../../dev/screens.ts'

const values = {
  address: 'alice@example.org',
  'imap.host': 'mail.example.org',
  'imap.port': '993',
  'imap.security': 'SSL/TLS',
  'pop3.host': 'mail.example.org',
  'pop3.port': '995',
  'pop3.security': 'SSL/TLS',
  'smtp.host': 'mail.example.org',
  'smtp.port': '465',
  'smtp.security': 'SSL/TLS',
  'panel.url': 'https://mail.example.org',
  'support.address': 'support@example.org',
  'limits.messageSize': '20 Mo',
} as const
const library = openHelpLibrary()
const articleOf = (slug: string) => {
  const found = library.article('fr', slug, values)
  return { body: { ...found?.source, ...found?.rendered } }
}
const samples = {
  'GET /help': { body: { items: library.list('fr') } },
  'GET /help/search': (url: URL) => ({
    body: {
      items: library
        .search('fr', url.searchParams.get('words') ?? '')
        .map(({ article, section }) => ({ ...article, section })),
    },
  }),
  'GET /help/articles/set-up': articleOf('set-up'),
  'GET /help/articles/set-up-iphone': articleOf('set-up-iphone'),
  'GET /help/articles/spf': articleOf('spf'),
}

export const screens: Screen[] = [
  { name: 'help-outside', visitor: 'nobody', path: '/help', samples },
  { name: 'help', visitor: 'owner', path: '/help', samples },
  { name: 'help-search', visitor: 'owner', path: '/help?q=550%205.1.1', samples },
  { name: 'help-search-nothing', visitor: 'owner', path: '/help?q=xyzzy', samples },
  { name: 'help-article', visitor: 'owner', path: '/help/set-up', samples },
  { name: 'help-article-outside', visitor: 'nobody', path: '/help/set-up-iphone', samples },
  { name: 'help-article-manager', visitor: 'manager', path: '/help/spf', samples },
  { name: 'help-not-found', visitor: 'owner', path: '/help/nothing', samples },
  { name: 'help-contact', visitor: 'owner', path: '/help/contact?from=/help/set-up', samples },
  { name: 'help-contact-outside', visitor: 'nobody', path: '/help/contact' },
  {
    name: 'help-contact-errors',
    visitor: 'owner',
    path: '/help/contact',
    samples,
    prepare: page => page.locator('button[type=submit]').click(),
  },
  {
    name: 'help-contact-sent',
    visitor: 'owner',
    path: '/help/contact',
    samples: { ...samples, 'POST /help/requests': { status: 204 } },
    prepare: async page => {
      await page.locator('input[name=subject]').fill('Rien n’arrive')
      await page.locator('textarea[name=message]').fill('Bonjour, depuis hier je ne reçois plus rien.')
      await page.locator('button[type=submit]').click()
      await page.locator('.state-title').waitFor()
    },
  },
]
