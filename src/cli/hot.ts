import {type CommandLines, parseCommandLine} from './command-line.ts'
import {answerHelp} from './help.ts'
import {present} from './present.ts'
import {processContext} from './process-context.ts'
import type {Self} from './self.ts'
import type {Call, Shown, Verb} from './verb.ts'
import {complete} from './verbs/complete.ts'
import {completion} from './verbs/completion.ts'
import {current} from './verbs/current.ts'
import {exec} from './verbs/exec.ts'
import {init} from './verbs/init.ts'
import {prefix} from './verbs/prefix.ts'
import {rehash} from './verbs/rehash.ts'
import {root} from './verbs/root.ts'
import {shell} from './verbs/shell.ts'
import {shims} from './verbs/shims.ts'
import {status} from './verbs/status.ts'
import {version, versionFile, versionName, versionOrigin} from './verbs/version.ts'
import {versions} from './verbs/versions.ts'
import {whence} from './verbs/whence.ts'
import {which} from './verbs/which.ts'
import {wantsTrust} from './wants-trust.ts'

/** The verbs that run without the command framework, by the ids of their commands. */
const verbs: Readonly<Record<string, Verb>> = {
  complete,
  completion,
  current,
  exec,
  init,
  prefix,
  rehash,
  root,
  shell,
  shims,
  status,
  version,
  'version-file': versionFile,
  'version-name': versionName,
  'version-origin': versionOrigin,
  versions,
  whence,
  which,
}

/** `left`: to the framework, nothing has happened yet. `running`: something still goes on. `done`: the process may end. */
export type HotOutcome = 'left' | 'running' | 'done'

/**
 * Runs what needs no command framework: plain command lines of hot verbs, help, the release. Everything else (a flag
 * that is misspelt, a version that must be installed first) is left to the framework.
 */
export async function runPlain(
  argv: readonly string[],
  lines: CommandLines,
  self: Self,
): Promise<HotOutcome> {
  const help = answerHelp(argv, lines, self)
  if (help !== undefined) return help ? 'done' : 'running'
  const line = parseCommandLine(argv, lines)
  const verb = line && verbs[line.id]
  if (line === undefined || verb === undefined) return 'left'
  // Nothing here lasts long enough to be interrupted with care.
  const {context, leave} = processContext(line.flags, self, new AbortController().signal)
  const call = {context, words: line.words, flags: line.flags, release: self.release}
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
