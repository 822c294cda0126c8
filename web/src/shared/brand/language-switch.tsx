import { type Language, languages, setLanguage, useLanguage } from '../texts/language.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import './logo.css'

const texts = defineTexts({ fr: { language: 'Langue' }, en: { language: 'Language' } })
const names: Record<Language, string> = { fr: 'Français', en: 'English' }

/** `onChange` keeps the choice elsewhere as well, such as in the account. */
export function LanguageSwitch({ onChange }: { onChange?(language: Language): void }) {
  const t = useTexts(texts)
  const current = useLanguage()
  return (
    <fieldset className="segmented" aria-label={t.language}>
      {languages.map(language => (
        <button
          key={language}
          type="button"
          lang={language}
          title={names[language]}
          aria-label={`${language.toUpperCase()} – ${names[language]}`}
          aria-pressed={language === current}
          onClick={() => {
            setLanguage(language, true)
            onChange?.(language)
          }}
        >
          {language.toUpperCase()}
        </button>
      ))}
    </fieldset>
  )
}
