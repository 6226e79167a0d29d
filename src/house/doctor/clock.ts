import {statSync} from 'node:fs'
import type {Checked} from './checked.ts'
import {type Finding, fine, problem, warning} from './finding.ts'

const day = 24 * 60 * 60_000
/** Older than any release of ours: a machine that has lost its clock. */
const earliest = Date.UTC(2025, 0, 1)
const fix = 'sudo timedatectl set-ntp true'

/** Whether the clock can be right, by itself and by the times of our own files. */
export function checkClock({context: {layout}}: Checked): Finding[] {
  const now = Date.now()
  if (now < earliest) {
    const title = `the clock says ${iso(now)}`
    return [problem('clock', title, 'Certificates count as not valid yet, and caches as fresh.', fix)]
  }
  const ahead = [layout.home, layout.versions, layout.cache, layout.projects].filter(
    path => timeOf(path) > now + day,
  )
  return ahead.length === 0
    ? [fine('clock', `the clock can be right: ${iso(now)}`)]
    : ahead.map(path =>
        warning(
          'clock',
          `${path} was written in the future: ${iso(timeOf(path))}`,
          'The clock was, or is, wrong.',
          `${fix}; or, if the clock is right: touch ${path}`,
        ),
      )
}

/** What another machine's clock says of ours; `date` as HTTP has it. Minutes matter to nobody, hours to certificates. */
export function clockSkew(date: string | undefined, now: number, host: string): Finding | undefined {
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs) || Math.abs(now - theirs) < 10 * 60_000) return undefined
  const title = `the clock says ${iso(now)}, and ${host} says ${iso(theirs)}`
  return warning('clock', title, 'Certificates and caches go by the clock.', fix)
}

const iso = (time: number) => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`

function timeOf(path: string): number {
  try {
    return statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0
  } catch {
    return 0
  }
}
