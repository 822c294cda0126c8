/** What one principal may have of app passwords. */

/** People have a handful of programs and devices; scanners and shops' tills come on top. */
export const APP_PASSWORDS = 50
/** Each attempt looks at all of them. */
export const NETWORKS = 20
export const LABEL_CHARACTERS = 100
