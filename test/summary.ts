/** Reads vitest's JSON report; names what was skipped and ends with one line of counts. */
import { readFileSync } from 'node:fs'

interface Report {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string }[]
  }[]
}

const report: Report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))
let skipped = 0
let brokenFiles = 0
for (const file of report.testResults) {
  if (file.status === 'failed' && file.assertionResults.every(result => result.status !== 'failed')) brokenFiles++
  for (const result of file.assertionResults) {
    if (result.status !== 'pending' && result.status !== 'skipped' && result.status !== 'todo') continue
    skipped++
    console.log(`skipped: ${result.fullName}`)
  }
}
const failed = report.numFailedTests + brokenFiles
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`)
if (failed > 0 || report.numPassedTests === 0) process.exitCode = 1
