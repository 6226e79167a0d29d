// Prints `N passed, N failed, N skipped` from the runner's own JSON reports; exits 1 if a test, a report or a check failed.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {root} from './root.js'

const failedChecks = Number(process.argv[2] ?? 0)
const reports = ['fast', 'full'].map(name => {
  try {
    return JSON.parse(readFileSync(join(root, '.reports', `${name}.json`), 'utf8'))
  } catch {
    console.error(`there is no report of the ${name} tests`)
    return undefined
  }
})
const sum = key => reports.reduce((total, report) => total + (report?.[key] ?? 0), 0)
const passed = sum('numPassedTests')
const failed = sum('numFailedTests')
const skipped = sum('numPendingTests') + sum('numTodoTests')
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
const sound =
  reports.every(report => report?.success) &&
  passed > 0 &&
  failed === 0 &&
  skipped === 0 &&
  failedChecks === 0
process.exitCode = sound ? 0 : 1
