import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readdirSync, readFileSync} from 'node:fs'
import {setTimeout as delay} from 'node:timers/promises'
import {readLiving} from './proc-stat.ts'

/** The living processes that have the word in their environment; none where the system does not tell: only Linux does. */
export function carriersOf(word: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && environmentOf(pid).includes(word) && readLiving(pid) !== undefined)
}

/**
 * Kills whoever has the id of a supervisor that is gone, as that one's own watchdog does, which may be gone, too, or stopped.
 * Does nothing on Windows, where nobody can read an environment.
 * @param script path of `shell/watchdog.sh`
 * @param patience ms that it may take
 * @returns whether nobody is left
 */
export async function endCarriers(id: string, script: string, patience: number): Promise<boolean> {
  if (process.platform === 'win32') return true
  // Without input it begins at once with what a watchdog does at the end of its supervisor.
  const dog = spawn('/bin/sh', [script, id], {cwd: '/', env: {PATH: '/usr/bin:/bin'}, stdio: 'ignore'})
  const over = new AbortController()
  try {
    const late = delay(patience, false, {signal: over.signal})
    const exited = once(dog, 'exit').then(
      ([code]) => code === 0,
      // There is no shell.
      () => false,
    )
    return await Promise.race([exited, late])
  } finally {
    over.abort()
    dog.kill('SIGKILL')
  }
}

/** Nothing where the process is gone, or somebody else's. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}
