import type { Screen } from '../../../dev/screens.ts'

export const screens: Screen[] = [{ name: 'home', visitor: 'owner', path: '/' }]
