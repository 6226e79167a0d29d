import type {Environment} from '../base/context.ts'

/** Whether escape sequences may be written to a stream: a terminal, unless NO_COLOR or FORCE_COLOR say otherwise. */
export function usesColor(stream: {isTTY?: boolean}, env: Environment): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

/** Whether a stream can show something that moves: a terminal that is not a CI log. */
export function isInteractive(stream: {isTTY?: boolean}, env: Environment): boolean {
  return stream.isTTY === true && env.TERM !== 'dumb' && !env.CI
}

/** Whether stdout is a terminal; asking Node's stream of it takes milliseconds. */
export function toTerminal(): boolean {
  return process.getBuiltinModule('node:tty').isatty(1)
}
