import {readdirSync, readFileSync} from 'node:fs'
import {readLiving} from '../../src/process/proc-stat.ts'

/** Living processes that have the word in their environment. Linux only. */
export function carriersOf(word: string): number[] {
  return livingPids().filter(pid => read(pid, 'environ').includes(word))
}

/** The watchdogs that a process started and that live. Linux only. */
export function watchdogsOf(parent: number): number[] {
  const children = read(parent, `task/${parent}/children`).split(' ').map(Number)
  return children.filter(pid => pid > 0 && readLiving(pid) && isWatchdog(pid))
}

function isWatchdog(pid: number): boolean {
  return read(pid, 'cmdline').includes('shell/watchdog.sh')
}

function livingPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => pid > 0 && readLiving(pid) !== undefined)
}

/** Something of /proc; nothing where the process is gone, or somebody else's. */
function read(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1')
  } catch {
    return ''
  }
}

/** Kills whoever has the word, at the end of a test that may have failed. */
export function killingCarriers(word: string): Disposable & {word: string} {
  return {
    word,
    [Symbol.dispose]() {
      for (const pid of carriersOf(word)) killIfThere(pid)
    },
  }
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already, as it should be.
  }
}
