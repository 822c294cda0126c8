/** Queries of what happens to mail by rule. */
import type { BounceQueries } from '../../contract/bounces.ts'
import type { Queries } from '../../store.ts'
import type { Query } from '../query.ts'
import { getBounceCopy } from './bounce-copy.ts'

type Table<Names> = { readonly [K in keyof Names & keyof Queries]: Query<K> }

const bounces: Table<BounceQueries> = { 'bounceCopy.get': getBounceCopy }

export const ruleQueries = { ...bounces }
