import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startTheme } from './shared/brand/theme.ts'
import { currentLanguage } from './shared/texts/language.ts'
import './shared/ui/tokens.css'
import './shared/ui/base.css'

startTheme()
document.documentElement.lang = currentLanguage()

const root = document.getElementById('app')
if (root) createRoot(root).render(<App />)
