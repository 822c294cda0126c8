/** What work costs by itself: processor time of this thread, to which other programs on the machine add nothing. */
export const processorTime = (): NodeJS.CpuUsage => process.threadCpuUsage()

export function processorMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

export function processorMsOf(work: () => void): number {
  const before = processorTime()
  work()
  return processorMsSince(before)
}
