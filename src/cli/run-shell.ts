import type {Context} from '../base/context.ts'
import {initAdvice} from '../house/init-advice.ts'
import {shellAssignments, shellNotSetUp, shellPrevious, shellUnset, shellVersion} from '../house/shell.ts'
import {type Assignment, assignmentCode, shellNamed} from '../house/shell-syntax.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import type {Pin} from '../pin/types.ts'
import {resolveLocal} from '../resolve/local.ts'
import {needsAsking} from '../resolve/types.ts'
import {type Definitions, loadDefinitions} from '../toolchain/definitions.ts'
import {askedToolchain} from './asked-toolchain.ts'
import {pinsOfWords, toolchainsOfWords} from './pin-words.ts'
import type {Call, Shown} from './verb.ts'

/** Makes versions be there that are not, or not known to be; false: that is left to somebody else. */
export type MakeAvailable = (definitions: Definitions, pins: readonly Pin[]) => Promise<boolean>

/**
 * `tool shell [SPEC… | - | --unset]`: code for the function `tool` to evaluate, or what the shell has set.
 * @throws UserError SHELL_NOT_SET_UP, NO_SHELL_VERSION, NO_PREVIOUS_VERSION, VERSION_NOT_INSTALLED, PIN_*
 */
export async function runShell(call: Call, makeAvailable: MakeAvailable): Promise<Shown | undefined> {
  const {context, flags, words} = call
  const definitions = await loadDefinitions(context)
  if (words.length === 0 && !flags.unset) {
    const toolchain = askedToolchain(call, definitions)
    const version = shellVersion(context, toolchain, defaultToolchain(context).name)
    return {text: version, result: {version}}
  }
  if (typeof flags.hook !== 'string' && !flags.json) {
    const {line, file} = initAdvice(context)
    throw shellNotSetUp(line, file)
  }
  const assignments = await changes(call, definitions, makeAvailable)
  if (assignments === undefined) return undefined
  return {text: flags.json ? '' : code(String(flags.hook), assignments), result: {assignments}}
}

/** The function evaluates only what begins so: help, say, is printed. */
function code(hook: string, assignments: readonly Assignment[]): string {
  return `# tool shell\n${assignmentCode(shellNamed(hook), assignments)}`
}

async function changes(
  call: Call,
  definitions: Definitions,
  makeAvailable: MakeAvailable,
): Promise<Assignment[] | undefined> {
  const {context, flags, words} = call
  if (flags.unset) {
    const named = toolchainsOfWords(call, definitions)
    return shellUnset(context, named, defaultToolchain(context).name)
  }
  if (words.length === 1 && words[0] === '-') return shellPrevious(context)
  const pins = pinsOfWords(call, definitions)
  const needed = pins.filter(pin => !isThere(context, definitions, pin))
  if (needed.length > 0 && !(await makeAvailable(definitions, needed))) return undefined
  return shellAssignments(context, pins)
}

function isThere(context: Context, definitions: Definitions, pin: Pin): boolean {
  const found = resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
  return found.via !== 'missing' && !needsAsking(found)
}
