/** One entry of the store's lists: what it is given, what it answers. */
export type Define<A, R> = { args: A; result: R }
