// The gallery of the design system, at /_ui/ of the development server: not part of the built application.
import '../shared/ui/tokens.css'
import '../shared/ui/base.css'

import { createRoot } from 'react-dom/client'
import { startTheme } from '../shared/brand/theme.ts'
import { Gallery } from './gallery.tsx'

startTheme()

const root = document.getElementById('app')
if (root) createRoot(root).render(<Gallery />)
