import {constants} from 'node:os'

/** Turns the signals that ask a program to end into one abort; a second one ends it at once. */
export function abortOnSignals(): AbortController {
  const controller = new AbortController()
  // SIGBREAK is Ctrl-Break, which Windows alone has.
  const names = [
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    ...(process.platform === 'win32' ? ['SIGBREAK'] : []),
  ] as const
  for (const name of names as readonly NodeJS.Signals[]) {
    process.on(name, () => {
      const code = 128 + constants.signals[name]
      if (controller.signal.aborted) process.exit(code)
      process.exitCode = code
      controller.abort(new Interrupted(code))
    })
  }
  return controller
}

/** The reason of the abort: the person, or the system, asked us to end. */
export class Interrupted extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.name = 'Interrupted'
    this.exitCode = exitCode
  }
}
