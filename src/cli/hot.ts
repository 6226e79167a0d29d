import {type CommandLines, parseCommandLine} from './command-line.ts'
import {answerHelp} from './help.ts'
import {present} from './present.ts'
import {processContext} from './process-context.ts'
import type {Self} from './self.ts'
import type {Verb} from './verb.ts'
import {current} from './verbs/current.ts'
import {exec} from './verbs/exec.ts'
import {versions} from './verbs/versions.ts'
import {which} from './verbs/which.ts'

/** The verbs that run without the command framework, by the ids of their commands. */
const verbs: Readonly<Record<string, Verb>> = {current, exec, versions, which}

/**
 * Runs what needs no command framework: plain command lines of hot verbs, help, the release. Everything else (a flag
 * that is misspelt, a version that must be installed first) is left to the framework.
 * @returns whether the command line was one of them; if not, nothing has happened yet
 */
export async function runPlain(argv: readonly string[], lines: CommandLines, self: Self): Promise<boolean> {
  if (answerHelp(argv, lines, self)) return true
  const line = parseCommandLine(argv, lines)
  const verb = line && verbs[line.id]
  if (line === undefined || verb === undefined) return false
  // Nothing here lasts long enough to be interrupted with care.
  const {context, leave} = processContext(line.flags, self, new AbortController().signal)
  const shown = await verb({context, words: line.words, flags: line.flags, release: self.release})
  if (shown === undefined) {
    leave()
    return false
  }
  present(shown, line.flags.json === true)
  return true
}
