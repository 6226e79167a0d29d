import type {Context} from '../base/context.ts'
import {initAdvice} from '../house/init-advice.ts'
import {shellAssignments, shellNotSetUp, shellPrevious, shellUnset, shellVersion} from '../house/shell.ts'
import {type Assignment, assignmentCode, shellNamed} from '../house/shell-syntax.ts'
import {toolchainNamed} from '../house/toolchain-named.ts'
import {pinFromArgument} from '../pin/argument.ts'
import {defaultToolchain} from '../pin/default-toolchain.ts'
import type {Pin} from '../pin/types.ts'
import {notInstalled} from '../resolve/command.ts'
import {resolveLocal} from '../resolve/local.ts'
import {type Definitions, loadDefinitions} from '../toolchain/definitions.ts'
import {chosenToolchain} from './chosen-toolchain.ts'
import {joinNames} from './install-words.ts'
import type {Call, Shown} from './verb.ts'

/** What is done about versions that are missing; undefined: the work is left to who can install. */
export type Missing = (definitions: Definitions, pins: readonly Pin[]) => Promise<boolean>

/**
 * `tool shell [SPEC… | - | --unset]`: code for the function `tool` to evaluate, or what the shell has set.
 * @throws UserError SHELL_NOT_SET_UP, NO_SHELL_VERSION, NO_PREVIOUS_VERSION, VERSION_NOT_INSTALLED, PIN_*
 */
export async function runShell(call: Call, install: Missing): Promise<Shown | undefined> {
  const {context, flags, words} = call
  const definitions = await loadDefinitions(context)
  if (words.length === 0 && !flags.unset) {
    const byDefault = defaultToolchain(context).name
    const version = shellVersion(context, chosenToolchain(call, definitions) ?? byDefault, byDefault)
    return {text: version, result: {version}}
  }
  if (typeof flags.hook !== 'string' && !flags.json) {
    const {line, file} = initAdvice(context)
    throw shellNotSetUp(line, file)
  }
  const assignments = await changes(call, definitions, install)
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
  install: Missing,
): Promise<Assignment[] | undefined> {
  const {context, flags, words} = call
  if (flags.unset)
    return shellUnset(context, namedToolchains(call, definitions), defaultToolchain(context).name)
  if (words.length === 1 && words[0] === '-') return shellPrevious(context)
  const pins = pinsOf(call, definitions)
  const missing = pins.filter(pin => isMissing(context, definitions, pin))
  if (missing.length > 0) {
    const [first] = missing
    if (flags.install === false && first !== undefined)
      throw notInstalled(
        resolveLocal(context, definitions.get(first.toolchain, first.origin), first),
        context,
      )
    if (!(await install(definitions, missing))) return undefined
  }
  return shellAssignments(context, pins)
}

function isMissing(context: Context, definitions: Definitions, pin: Pin): boolean {
  return resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin).via === 'missing'
}

/** Under the names that the toolchains are defined by, since the variables are called after those. */
function pinsOf(call: Call, definitions: Definitions): Pin[] {
  const {context, words} = call
  const byDefault = chosenToolchain(call, definitions) ?? defaultToolchain(context)
  return joinNames(words).map(word => {
    const pin = pinFromArgument(word, byDefault, context)
    return {...pin, toolchain: definitions.get(pin.toolchain, pin.nameOrigin ?? pin.origin).name}
  })
}

function namedToolchains(call: Call, definitions: Definitions): string[] {
  const {context, words} = call
  const chosen = chosenToolchain(call, definitions)
  if (words.length === 0) return [chosen ?? defaultToolchain(context).name]
  return words.map(word => toolchainNamed(context, definitions, word, {kind: 'argument', text: word}))
}
