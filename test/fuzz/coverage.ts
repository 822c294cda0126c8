/** Which code of src has run, from V8's own counting: an input that reaches something new is worth changing further. */
import { Session } from 'node:inspector'

export interface Coverage {
  /** Whether something ran since the last call that had not run before. */
  grew(): boolean
  stop(): void
}

interface ScriptCoverage {
  url: string
  functions: { functionName: string; ranges: { startOffset: number; endOffset: number; count: number }[] }[]
}

export function startCoverage(): Coverage {
  const session = new Session()
  session.connect()
  // The session is of this thread: each call has its answer when it returns.
  const post = (method: string, parameters = {}): { result: ScriptCoverage[] } => {
    let answer: { result: ScriptCoverage[] } = { result: [] }
    session.post(method, parameters, (error, result) => {
      if (error) throw error
      if (result && 'result' in result) answer = result as typeof answer
    })
    return answer
  }
  post('Profiler.enable')
  // Without counts V8 tells of each block once: when it runs first.
  post('Profiler.startPreciseCoverage', { callCount: false, detailed: true })
  const seen = new Set<string>()
  return {
    grew() {
      let grew = false
      for (const { url, functions } of post('Profiler.takePreciseCoverage').result)
        if (url.includes('/src/'))
          for (const { functionName, ranges } of functions)
            for (const { startOffset, endOffset, count } of ranges) {
              const block = `${url} ${functionName} ${startOffset} ${endOffset} ${count}`
              if (seen.has(block)) continue
              seen.add(block)
              grew = true
            }
      return grew
    },
    stop() {
      session.disconnect()
    },
  }
}
