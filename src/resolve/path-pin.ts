import {statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {describeOrigin} from '../base/origin.ts'
import {parsePinLine} from '../pin/parse-line.ts'
import type {Pin} from '../pin/types.ts'
import {notTrusted, trustedText} from '../toolchain/trust.ts'
import {printSpec, type VersionSpec} from '../version/spec.ts'

type PathSpec = VersionSpec & {kind: 'path'}

/**
 * The `bin/` of a `path:` pin, if it is there.
 * @throws UserError PATH_PIN_UNTRUSTED: a project could have anything run
 */
export function binOfPath(pin: Pin, spec: PathSpec, context: Context): string | undefined {
  checkTrust(pin, spec, context)
  const bin = join(resolve(pin.baseDirectory, spec.directory), 'bin')
  return statSync(bin, {throwIfNoEntry: false})?.isDirectory() ? bin : undefined
}

/** The `path:` specs of a line. */
function pathsIn(line: string): string[] {
  const parsed = parsePinLine(line.replace(/^\uFEFF|\r$/g, ''))
  if (parsed === undefined || 'code' in parsed) return []
  return parsed.specs.filter(({kind}) => kind === 'path').map(printSpec)
}

export function pathWithoutBin(pin: Pin, spec: PathSpec, {cwd}: Context): UserError {
  const directory = resolve(pin.baseDirectory, spec.directory)
  return new UserError({
    code: 'PATH_PIN_WITHOUT_BIN',
    message: `${directory} has no folder bin, so it can't be ${pin.toolchain} (set by ${describeOrigin(pin.origin, cwd)})`,
    hint: 'name a folder whose executables are in a folder bin below it',
    exitCode: Exit.badPin,
  })
}

/** What a person says by a variable, on the command line or in the global file needs no further word. */
function checkTrust({toolchain, origin}: Pin, {text}: PathSpec, context: Context): void {
  if (origin.kind !== 'file' || origin.path === context.layout.globalPins) return
  const {path, line} = origin
  const read = trustedText(context, path)
  // What was trusted may be another text than the one that this pin was read from.
  if (read.state === 'trusted' && pathsIn(read.text.split('\n')[line - 1] ?? '').includes(text)) return
  const state = read.state === 'trusted' ? 'changed' : read.state
  const what = `${toolchain} ${text} runs programs of a folder that a project chose`
  const setBy = describeOrigin(origin, context.cwd)
  throw notTrusted({code: 'PATH_PIN_UNTRUSTED', what, setBy, path, state}, context)
}
