/** Tests that are made of tests (RFC 5228 §5). What is known at once is left out, so that `ihave` decides what is looked at. */
import { readArguments } from './arguments.ts'
import type { Check, TestDefinition } from './program.ts'

type RunCheck = Exclude<Check, boolean>

function constant(value: boolean): TestDefinition {
  return {
    compile(node, compiling) {
      readArguments(node, compiling, {})
      return value
    },
  }
}

export const always = constant(true)
export const never = constant(false)

export const not: TestDefinition = {
  compile(node, compiling) {
    readArguments(node, compiling, { tests: 'one' })
    const check = compiling.check(node.tests[0]!)
    if (typeof check === 'boolean') return !check
    return run => {
      const result = check(run)
      return typeof result === 'boolean' ? !result : result.then(isTrue => !isTrue)
    }
  },
}

/** `decisive`: the result of one test that settles the whole. */
function listTest(decisive: boolean): TestDefinition {
  return {
    compile(node, compiling) {
      readArguments(node, compiling, { tests: 'list' })
      const checks: RunCheck[] = []
      for (const test of node.tests) {
        const check = compiling.check(test)
        if (typeof check === 'function') checks.push(check)
        else if (check === decisive) {
          if (!decisive || checks.length === 0) return decisive
          // What tests before it leave behind counts: match values, a message remembered.
          checks.push(() => decisive)
          break
        }
      }
      if (checks.length === 0) return !decisive
      return async run => {
        for (const check of checks) {
          const result = check(run)
          if ((typeof result === 'boolean' ? result : await result) === decisive) return decisive
        }
        return !decisive
      }
    },
  }
}

export const allof = listTest(false)
export const anyof = listTest(true)
