/** Operations of what happens to mail by rule. */
import type { BounceOperations } from '../../contract/bounces.ts'
import type { Operations } from '../../store.ts'
import type { Operation } from '../operation.ts'
import { removeBounceCopy, setBounceCopy } from './bounce-copy.ts'

type Table<Names> = { readonly [K in keyof Names & keyof Operations]: Operation<K> }

const bounces: Table<BounceOperations> = { 'bounceCopy.set': setBounceCopy, 'bounceCopy.remove': removeBounceCopy }

export const ruleOperations = { ...bounces }
