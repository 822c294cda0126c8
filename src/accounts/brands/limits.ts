/** What a brand may hold. */

/** A logo is shown some 200 pixels wide, on every page before anything else. */
export const LOGO_BYTES = 200 * 1000
/** A picture of 200 kB can unfold to gigabytes in the browsers of everyone who signs in. */
export const LOGO_LONGEST_SIDE = 2_000
export const LOGO_SHORTEST_SIDE = 16
/** Host names of one manager's panel. */
export const BRAND_HOSTS = 20
