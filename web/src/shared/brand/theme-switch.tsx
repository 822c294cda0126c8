import { Monitor, Moon, Sun } from 'lucide-react'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Icon } from '../ui/icon.tsx'
import './logo.css'
import { setTheme, themes, useTheme } from './theme.ts'

const texts = defineTexts({
  fr: { theme: 'Apparence', auto: 'Comme l’appareil', light: 'Claire', dark: 'Sombre' },
  en: { theme: 'Appearance', auto: 'As the device', light: 'Light', dark: 'Dark' },
})

const icons = { auto: Monitor, light: Sun, dark: Moon }

export function ThemeSwitch() {
  const t = useTexts(texts)
  const current = useTheme()
  return (
    <fieldset className="segmented" aria-label={t.theme}>
      {themes.map(theme => (
        <button
          key={theme}
          type="button"
          title={t[theme]}
          aria-label={t[theme]}
          aria-pressed={theme === current}
          onClick={() => setTheme(theme)}
        >
          <Icon of={icons[theme]} size={15} />
        </button>
      ))}
    </fieldset>
  )
}
