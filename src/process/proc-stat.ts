import {readFileSync} from 'node:fs'
import {errnoOf} from '../base/errors.ts'

/** What Linux tells of a process. */
interface ProcStat {
  /** Its process group. */
  group: number
  /** In ticks since the boot, as printed. */
  startTime: string
}

/**
 * Looks a living process up in /proc; undefined where there is none of that pid, or only a zombie of it.
 * @throws the system's error where no file can be opened, which tells nothing of the process
 */
export function readLiving(pid: number): ProcStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may itself hold blanks and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [state, , group] = fields
    return state === 'Z' || state === 'X' ? undefined : {group: Number(group), startTime: fields[19] ?? ''}
  } catch (error) {
    if (/^(?:EMFILE|ENFILE|ENOMEM)$/.test(errnoOf(error) ?? '')) throw error
    return undefined
  }
}
