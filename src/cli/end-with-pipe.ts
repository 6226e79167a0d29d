import {Exit, errnoOf} from '../base/errors.ts'

/**
 * Ends quietly, as programs in a pipe do, when whoever reads our output has gone (`tool versions | head -1`), and with
 * one line where the output can't be written for another reason.
 */
export function endWithPipe(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', outputFailed)
}

/** Ends since the output can't be written. */
export function outputFailed(error: unknown): never {
  if (errnoOf(error) === 'EPIPE')
    process.exit(128 + process.getBuiltinModule('node:os').constants.signals.SIGPIPE)
  process.stderr.write(
    `error OUTPUT_UNWRITABLE: the output can't be written (${errnoOf(error)})\n  try: check the disk and its permissions\n`,
  )
  process.exit(Exit.notInstalled)
}
