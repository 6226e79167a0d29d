import {endWithPipe} from '../src/cli/end-with-pipe.ts'
import {fail} from '../src/cli/fail.ts'
import {moveLeadingFlags} from '../src/cli/leading-flags.ts'
import {splitAtDashes} from '../src/cli/split-arguments.ts'

/** Runs one command line with the command framework. */
export async function main(argv: readonly string[], packageRoot: string): Promise<void> {
  endWithPipe()
  try {
    const {run} = await import('@oclif/core')
    await run(moveLeadingFlags(argv), packageRoot)
  } catch (error) {
    fail(error, {json: splitAtDashes(argv).own.includes('--json')})
  }
}
