/** How much a script may ask of us. People write scripts, and so do those who want to make a server busy. */

/** A script, in UTF-16 units. The largest seen in the wild (generated, some thousand rules) has a tenth of it; compiling this takes about 50 ms, in slices. */
export const SCRIPT_LENGTH = 1024 * 1024

/** Blocks inside each other, and tests inside each other: RFC 5228 §2.10.5 asks for 15 of each; each level costs stack. */
export const NESTING_LEVELS = 32

/**
 * Commands and tests of a script and of what it includes: the largest seen in the wild have some thousand. What is made
 * of them, some hundred bytes each, is kept in memory.
 */
export const COMMANDS_AND_TESTS = 25_000

/** Tests of one command, which is read and compiled in one go: 1 to 5 ms. */
export const TESTS_OF_COMMAND = 1_000

/** Strings in the lists of one command: a block list of addresses written by hand. Some 5 ms. */
export const LIST_STRINGS = 10_000

/** Errors told of one script: who reads on after these fixes them first. */
export const ERRORS_TOLD = 20

/** Places, redirects, replies and notifications of one run: each costs a write. */
export const ACTIONS = 32

/** Changes of one run that are noted for who reads later what was done: more is a list that nobody reads. */
export const CHANGES = 10

/** One message must not become many (RFC 5228 §4.2, §10: "limit the number of redirects"). */
export const REDIRECTS = 4

/** RFC 5435 §8: a message must not set off a storm of notifications. */
export const NOTIFICATIONS = 3

/** Names of RFC 5229 §6: at least 128 variables of at least 4,000 characters; match values of 4,000 each. */
export const VARIABLES = 256
export const VARIABLE_LENGTH = 16 * 1024
export const VARIABLE_NAME_LENGTH = 64

/** A string, as written and with its variables filled in: more than any reason of a reply. */
export const TEXT_LENGTH = 64 * 1024

/** RFC 5229 §3.2: ${1} to ${9} at least. */
export const MATCH_VALUES = 32

/** What may be spent on one message. A unit is 20 to 100 ns, so the worst run takes some 150 ms; a script of 300 rules spends some thousand. */
export const STEPS = 2_000_000
/** After so many of them others get their turn: some milliseconds. */
export const STEPS_WITHOUT_PAUSE = 50_000
/** The same within one pattern and one text, which may be a megabyte. */
export const STEPS_OF_MATCH = 10_000
/** What a question to the world costs in them: a read of the store. */
export const QUESTION_STEPS = 1_000

/** RFC 6609 §3.1: scripts that include scripts. */
export const INCLUDE_DEPTH = 10
/** All that one script includes, directly or not: each is compiled with it. */
export const INCLUDED_SCRIPTS = 50

/** States of one regular expression, counted repeats unrolled: its cost is states × characters of the text. */
export const REGEX_STATES = 2_000
/** Of all in a script, and what it includes: up to 600 bytes each, for as long as the script is kept. */
export const REGEX_STATES_OF_SCRIPT = 20_000
/** In characters: an expression of more nobody reads. */
export const REGEX_LENGTH = 4_000
/** The bound of a counted repeat: POSIX RE_DUP_MAX. */
export const REGEX_REPEAT = 255
/** Groups inside each other: parsing costs stack. */
export const REGEX_NESTING = 50

/** Characters of the body that tests look at: further parts of a large message hold files. */
export const BODY_LENGTH = 1024 * 1024
/** Of them, what is decoded or rid of its HTML in one go: some milliseconds at worst. */
export const BODY_SLICE = 64 * 1024

/** Header fields that a script adds, and the length of one: RFC 5293 §4 leaves it to us; more is no work of a filter. */
export const ADDED_FIELDS = 32
export const ADDED_FIELD_LENGTH = 2048

/** Flags put on one message: more than anyone tells apart, and as many words to keep with it. */
export const FLAGS = 64
export const FLAG_LENGTH = 64

/** RFC 5230 §4.1 leaves the bounds to us; "The minimum ... 1 day", with seconds (RFC 6131 §2) a minute less than which answers a conversation. */
export const VACATION_SECONDS = { least: 60, usual: 7 * 86_400, most: 366 * 86_400 }

/** RFC 7352 §3.2: "default expiration time of 7 days", and a bound of it. */
export const DUPLICATE_SECONDS = { usual: 7 * 86_400, most: 90 * 86_400 }

/** Identifiers remembered of one run of the duplicate test. */
export const DUPLICATE_TESTS = 16

/** A mailto URI: one that anybody reads has less. */
export const MAILTO_LENGTH = 4096
