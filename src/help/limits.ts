/** What a reader may ask of the help centre. */

/** Characters of a search: a pasted error message. */
export const SEARCH_CHARACTERS = 300
/** Words of it that are looked for: each costs a walk of the index. */
export const SEARCH_WORDS = 12
/** Articles found that are told of: more than fits a screen is as good as none. */
export const SEARCH_RESULTS = 12
