import {readFileSync} from 'node:fs'
import {errnoOf} from '../base/errors.ts'

/** What Linux tells of a process. */
interface ProcStat {
  /** Its process group. */
  group: number
  /** In ticks since the boot, as printed. */
  startTime: string
  /** Ticks of processor time that it has taken. */
  cpuTicks: number
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
    if (state === 'Z' || state === 'X') return undefined
    const cpuTicks = Number(fields[11]) + Number(fields[12])
    return {group: Number(group), startTime: fields[19] ?? '', cpuTicks}
  } catch (error) {
    if (/^(?:EMFILE|ENFILE|ENOMEM)$/.test(errnoOf(error) ?? '')) throw error
    return undefined
  }
}
