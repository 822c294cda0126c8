/** Days of the calendar as the milliseconds of their midnight UTC. */

export const DAY = 86_400_000

export const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY
