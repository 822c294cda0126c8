/** Where the vertical axis of a plot is marked. */
/** Three to five round sizes from zero, such as 0, 100, 200 and 300 GB. */
export function byteSplits(max: number): number[] {
  const unit = 1024 ** Math.max(0, Math.floor(Math.log(Math.max(1, max)) / Math.log(1024)))
  const rough = max / unit / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10) * power * unit
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step)
}

/** Whole numbers from zero, as many as have 38 px each: nobody sends a quarter of a message. */
export function countSplits(max: number, height: number): number[] {
  const rough = max / Math.max(1, Math.floor((height - 40) / 38))
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rough))))
  const step = ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10) * power
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, i) => i * step)
}
