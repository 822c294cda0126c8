/** The file descriptor of a worker's line: behind standard input, output and error, and what Node itself speaks over. */
export const LINE_FD = 4
