import {fail} from '../src/cli/fail.ts'
import {runPlain} from '../src/cli/hot.ts'

/**
 * The verbs that people and editors call all day, bundled into one file (dist/hot.cjs) that loads no framework.
 * @returns whether this was one of them; otherwise nothing has happened yet
 */
export async function runHot(argv: readonly string[], packageRoot: string): Promise<boolean> {
  try {
    return await runPlain(argv, packageRoot)
  } catch (error) {
    fail(error)
    return true
  }
}
