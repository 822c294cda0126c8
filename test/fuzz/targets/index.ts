import type { FuzzTarget } from '../target.ts'
import { commandTargets } from './commands.ts'
import { fileTargets } from './files.ts'
import { mimeTargets } from './mime.ts'
import { proxyTargets } from './proxy.ts'

export const targets: readonly FuzzTarget[] = [...mimeTargets, ...commandTargets, ...fileTargets, ...proxyTargets]
