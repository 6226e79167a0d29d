import {constants} from 'node:os'
import {errnoOf} from '../base/errors.ts'

/** Ends quietly, as programs in a pipe do, when whoever reads our output has gone (`tool versions | head -1`). */
export function endWithPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => {
      if (errnoOf(error) === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE)
      throw error
    })
  }
}
