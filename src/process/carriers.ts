import {readdirSync, readFileSync} from 'node:fs'
import {readLiving} from './proc-stat.ts'

/** Whether a living process has the word in its environment. False where the system does not tell: only Linux does. */
export function isCarried(word: string): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/proc')
    .map(Number)
    .some(pid => pid > 0 && environmentOf(pid).includes(word) && readLiving(pid) !== undefined)
}

/** Nothing where the process is gone, or somebody else's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
