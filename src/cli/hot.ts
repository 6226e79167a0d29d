import {type CommandLines, parseCommandLine} from './command-line.ts'
import {answerHelp} from './help.ts'
import {present} from './present.ts'
import {processContext} from './process-context.ts'
import type {Self} from './self.ts'
import type {Call, Shown, Verb} from './verb.ts'
import {wantsTrust} from './wants-trust.ts'

/** The verbs that run without the command framework, by the ids of their commands; each is loaded when it is called. */
const verbs: Readonly<Record<string, () => Promise<Verb>>> = {
  complete: async () => (await import('./verbs/complete.ts')).complete,
  completion: async () => (await import('./verbs/completion.ts')).completion,
  current: async () => (await import('./verbs/current.ts')).current,
  exec: async () => (await import('./verbs/exec.ts')).exec,
  init: async () => (await import('./verbs/init.ts')).init,
  prefix: async () => (await import('./verbs/prefix.ts')).prefix,
  rehash: async () => (await import('./verbs/rehash.ts')).rehash,
  root: async () => (await import('./verbs/root.ts')).root,
  shell: async () => (await import('./verbs/shell.ts')).shell,
  shims: async () => (await import('./verbs/shims.ts')).shims,
  status: async () => (await import('./verbs/status.ts')).status,
  version: async () => (await import('./verbs/version.ts')).version,
  'version-file': async () => (await import('./verbs/version.ts')).versionFile,
  'version-name': async () => (await import('./verbs/version.ts')).versionName,
  'version-origin': async () => (await import('./verbs/version.ts')).versionOrigin,
  versions: async () => (await import('./verbs/versions.ts')).versions,
  whence: async () => (await import('./verbs/whence.ts')).whence,
  which: async () => (await import('./verbs/which.ts')).which,
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
  const load = line && Object.hasOwn(verbs, line.id) ? verbs[line.id] : undefined
  if (line === undefined || load === undefined) return 'left'
  // Nothing here lasts long enough to be interrupted with care.
  const {context, leave} = processContext(line.flags, self, new AbortController().signal)
  const call = {context, words: line.words, flags: line.flags, release: self.release}
  const shown = await answerOf(await load(), call)
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
