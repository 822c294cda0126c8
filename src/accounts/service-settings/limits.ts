/** What guards the settings of the service. */

/** As it stands in the title of a page and the name of a sender. */
export const NAME_CHARACTERS = 80
/** Servers to choose from on the sign-in page: a list that people read. */
export const SERVER_CHOICES = 20
export const SERVER_NAME_CHARACTERS = 80
/** Domains one server is chosen for: all of them are sent to everyone who opens the sign-in page. */
export const SERVER_DOMAINS = 200
/** How old the settings that one node goes by may be after another node changed them. */
export const REREAD_MS = 3_000
