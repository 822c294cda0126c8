/** Begins to measure. What it returns tells which part of the time since then the event loop was at work: 0 to 1. */
export function loopLoad(): () => number {
  const begun = performance.eventLoopUtilization()
  return () => performance.eventLoopUtilization(begun).utilization
}
