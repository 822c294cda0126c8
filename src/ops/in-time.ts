/** What `asked` comes to, or what `late` gives where it takes longer. It goes on then, and nobody hears of it. */
export async function inTime<T>(ms: number, asked: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  try {
    return await Promise.race([asked, over.then(late)])
  } finally {
    clearTimeout(timer)
  }
}
