import type {Context} from '../base/context.ts'
import {type CurrentPin, current} from '../house/current.ts'
import {missingFor, planExec} from '../house/exec.ts'
import {which} from '../house/which.ts'
import {loadDefinitions} from '../toolchain/definitions.ts'
import {become} from './become.ts'
import {endWithPipe} from './end-with-pipe.ts'
import {execRequest} from './exec-words.ts'
import {type HotLine, parseHot} from './hot-line.ts'
import {processContext} from './process-context.ts'
import {renderCurrent} from './render/current.ts'

/**
 * Runs a hot verb without the command framework. Only the plain forms: anything else (--help, a flag that is misspelt,
 * a version that must be installed first) is left to the framework.
 * @returns whether the command line was one of them
 */
export async function runPlain(argv: readonly string[], packageRoot: string): Promise<boolean> {
  const line = parseHot(argv)
  if (line === undefined) return false
  // Nothing here lasts long enough to be interrupted with care.
  const context = processContext(line, packageRoot, new AbortController().signal)
  return run(line, context)
}

async function run({verb, words, install}: HotLine, context: Context): Promise<boolean> {
  const definitions = await loadDefinitions(context)
  switch (verb) {
    case 'exec': {
      const request = execRequest(context, words)
      if (install && missingFor(context, definitions, request).length > 0) return false
      become(planExec(context, definitions, request))
      return true
    }
    case 'which':
      print(`${which(context, definitions, words[0] ?? '')}\n`)
      return true
    case 'current':
      print(renderPins(current(context, definitions), context))
      return true
  }
}

function renderPins(pins: readonly CurrentPin[], context: Context): string {
  if (pins.length === 0) context.log.info('nothing is pinned here')
  return renderCurrent(pins, context)
}

/** Not before there is something to print: a pipe that we touch is not the same for the program that `exec` becomes. */
function print(text: string): void {
  endWithPipe()
  process.stdout.write(text)
}
