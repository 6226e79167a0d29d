import {stripVTControlCharacters} from 'node:util'
import type {CheckResult, WorkerReport} from '../../house/worker-check.ts'

const marks: Readonly<Record<CheckResult['status'], string>> = {
  pass: 'pass',
  fail: 'FAIL',
  skipped: 'skipped',
}
const indent = ' '.repeat(9)

/** A line a check; below one that failed why, what the protocol says, how to mend it, and what was seen last. */
export function renderCheck({id, title, status, rule, reason, advice, excerpt = []}: CheckResult): string {
  const why = status === 'skipped' ? ` (${reason})` : ''
  const lines = [`${marks[status].padEnd(7)}  ${id.padEnd(14)}  ${title}${why}`]
  if (status === 'fail') {
    lines.push(`${indent}${reason}`, `${indent}the protocol says: ${rule}`)
    if (advice !== undefined) lines.push(`${indent}to mend it: ${advice}`)
    lines.push(...excerpt.map(line => `${indent}${stripVTControlCharacters(line)}`))
  }
  return `${lines.join('\n')}\n`
}

/** What it comes down to. */
export function renderWorkerReport({checks}: WorkerReport): string {
  const count = (status: CheckResult['status']) => checks.filter(one => one.status === status).length
  return `${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped\n`
}
