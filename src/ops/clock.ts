/** Time, passed in so that tests can set it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds that passed, by a clock that nobody sets; where a clock has none, `now` tells them. */
  steady?(): number
}

export const systemClock: Clock = { now: () => Date.now(), steady: () => performance.now() }

/** For how long something took: whoever sets the machine's clock ends nobody's session by it. */
export const steadyTime = (clock: Clock): number => clock.steady?.() ?? clock.now()
