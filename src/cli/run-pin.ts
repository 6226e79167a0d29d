import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {setPins} from '../house/pin-file.ts'
import type {Pinned} from '../house/pinned.ts'
import {type Ensured, ensureInstalled} from '../install/ensure.ts'
import {relock} from '../install/relock.ts'
import {findPin} from '../pin/find.ts'
import {findProject, projectPins} from '../pin/project.ts'
import {ownPinFileName} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import {type Definitions, loadDefinitions} from '../toolchain/definitions.ts'
import {isToolchainName} from '../toolchain/name.ts'
import {parseSpec} from '../version/spec.ts'
import {pinsOfWords} from './pin-words.ts'
import {rememberThisProject} from './remember-project.ts'
import {requireProject} from './require-project.ts'
import type {Call} from './verb.ts'
import {withProgress} from './with-progress.ts'

/**
 * `tool pin [TOOLCHAIN | [TOOLCHAIN@]SPEC]…`: installs, and writes the exact versions into the project's pin file; without
 * words those that the project's pins mean now.
 * @throws UserError NO_PROJECT, PIN_*, UNKNOWN_TOOLCHAIN, and those of install
 */
export async function runPin(call: Call): Promise<Pinned[]> {
  const {context, words, flags} = call
  const definitions = await loadDefinitions(context)
  const chosen = flags.toolchain !== undefined
  const pins =
    words.length === 0
      ? projectPins(context, definitions, requireProject(context, definitions))
      : words.flatMap(
          word =>
            (chosen ? undefined : asPinned(context, definitions, word)) ??
            pinsOfWords(call, definitions, [word]),
        )
  const ensured = await withProgress(context, flags.quiet === true, options =>
    ensureInstalled(context, definitions, pins, options),
  )
  const written = ensured.flatMap(one => exact(context, definitions, one))
  for (const [path, group] of Map.groupBy(written, ({path}) => path))
    await setPins(context, definitions, path, group)
  for (const path of new Set(written.map(({path}) => path)))
    await relock(context, definitions, {root: dirname(path)})
  await rememberThisProject(context, definitions)
  return written.map(({toolchain, specs: [{text}], path}) => ({
    toolchain,
    specs: [text],
    origin: {kind: 'file', path, line: 1},
  }))
}

/** A name alone means what is pinned of it here, if anything is. */
function asPinned(context: Context, definitions: Definitions, word: string): Pin | undefined {
  const name = isToolchainName(word) ? definitions.canonical(word) : undefined
  const pin = name === undefined ? undefined : findPin(context, definitions, name)
  return pin?.origin.kind === 'default' ? undefined : pin
}

/** What is written, and where: the file of ours that pins it already, else the project's, else one in this folder. */
function exact(context: Context, definitions: Definitions, {pin, toolchain, ...found}: Ensured) {
  if (found.via !== 'store') return []
  const spec = parseSpec(found.installed.version)
  // A folder that a person linked may have a name that no pin file can hold.
  if (spec.kind === 'problem') return []
  const specs: Pin['specs'] = [spec]
  return [{toolchain, specs, path: pathFor(context, definitions, pin)}]
}

function pathFor(context: Context, definitions: Definitions, {origin}: Pin): string {
  const name = ownPinFileName(context)
  if (origin.kind === 'file' && origin.path.endsWith(`/${name}`)) return origin.path
  return join(findProject(context, definitions)?.root ?? context.cwd, name)
}
