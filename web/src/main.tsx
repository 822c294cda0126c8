import './shared/ui/tokens.css'
import './shared/ui/base.css'

import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startTheme } from './shared/brand/theme.ts'
import { currentLanguage } from './shared/texts/language.ts'

startTheme()
document.documentElement.lang = currentLanguage()

const root = document.getElementById('app')
if (root) createRoot(root).render(<App />)
