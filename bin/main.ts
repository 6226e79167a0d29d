import {endWithPipe} from '../src/cli/end-with-pipe.ts'
import {fail} from '../src/cli/fail.ts'

/** Runs one command line with the command framework. */
export async function main(argv: readonly string[], packageRoot: string): Promise<void> {
  endWithPipe()
  try {
    const {run} = await import('@oclif/core')
    await run([...argv], packageRoot)
  } catch (error) {
    fail(error)
  }
}
