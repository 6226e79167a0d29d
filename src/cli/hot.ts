import {type CommandLines, parseCommandLine} from './command-line.ts'
import {answerHelp} from './help.ts'
import {present} from './present.ts'
import {processContext} from './process-context.ts'
import type {Self} from './self.ts'
import type {Call, Shown, Verb} from './verb.ts'
import {wantsTrust} from './wants-trust.ts'

/** `left`: to the framework, nothing has happened yet. `running`: something still goes on. `done`: the process may end. */
export type HotOutcome = 'left' | 'running' | 'done'

/**
 * Runs what needs no command framework: plain command lines of hot verbs, help, the release. Everything else (a flag
 * that is misspelt, a version that must be installed first) is left to the framework.
 */
export async function runPlain(
  argv: readonly string[],
  verbs: Readonly<Record<string, Verb>>,
  lines: CommandLines,
  self: Self,
): Promise<HotOutcome> {
  const help = answerHelp(argv, lines, self)
  if (help !== undefined) return help ? 'done' : 'running'
  const line = parseCommandLine(argv, lines)
  const verb = line && Object.hasOwn(verbs, line.id) ? verbs[line.id] : undefined
  if (line === undefined || verb === undefined) return 'left'
  // Nothing here lasts long enough to be interrupted with care, so there is no signal.
  const {context, leave} = processContext(line.flags, self)
  const call = {context, words: line.words, flags: line.flags, self}
  const shown = await answerOf(verb, call)
  if (shown === undefined) {
    leave()
    return 'left'
  }
  const written = present(shown, line.flags.json === true)
  return written && !shown.running ? 'done' : 'running'
}

async function answerOf(verb: Verb, call: Call): Promise<Shown | undefined> {
  try {
    return await verb(call)
  } catch (error) {
    // The framework's command asks the person.
    if (wantsTrust(error) && process.stdin.isTTY) return undefined
    throw error
  }
}
