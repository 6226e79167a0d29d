import type {CommandLines} from '../src/cli/command-line.ts'
import {fail} from '../src/cli/fail.ts'
import {type HotOutcome, runPlain} from '../src/cli/hot.ts'
import {hotVerbs} from '../src/cli/hot-verbs.ts'
import {ownWords} from '../src/cli/own-words.ts'
import type {Self} from '../src/cli/self.ts'

import {findRuntime} from './runtime.cjs'

// The bundler puts these in.
declare const COMMAND_LINES: CommandLines
declare const RELEASE: string

/** This program, as `bin/tool.cjs` found it. */
export function selfOf(packageRoot: string, keepCompiled: () => void): Self {
  return {
    packageRoot,
    keepCompiled,
    release: RELEASE,
    // Looked for when it is asked for: most commands start no script.
    get runtime() {
      return findRuntime(packageRoot) ?? process.execPath
    },
  }
}

/**
 * The verbs that people and editors call all day, bundled into files (dist/hot/) that load no framework.
 */
export async function runHot(argv: readonly string[], self: Self): Promise<HotOutcome> {
  try {
    return await runPlain(argv, hotVerbs, COMMAND_LINES, self)
  } catch (error) {
    fail(error, {json: ownWords(argv, COMMAND_LINES).own.includes('--json')})
    return 'running'
  }
}
