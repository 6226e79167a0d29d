import {projectAncestors} from '../base/ancestors.ts'
import {childPath} from '../base/child-path.ts'
import type {Context} from '../base/context.ts'
import {readOwnedText} from '../base/owned-text.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {parseSpec} from '../version/spec.ts'
import {enginesHint} from './package-json.ts'
import {packageBytes, packageName} from './readers.ts'

/** What a package.json asks for without pinning it. */
export interface AskedEngine {
  toolchain: string
  /** As it is written there. */
  spec: string
  /** Of the package.json. */
  path: string
}

/**
 * What the `engines` of the nearest package.json ask for, of toolchains that nothing pins here. Words that no pin could
 * have are passed over.
 * @param pinned the names of the toolchains that are pinned here
 */
export function askedEngines(
  context: Context,
  definitions: Definitions,
  pinned: ReadonlySet<string>,
): AskedEngine[] {
  const toolchains = definitions
    .versionFiles()
    .filter(({file, toolchain}) => file === packageName && !pinned.has(toolchain))
  const found = toolchains.length > 0 ? nearestPackage(context) : undefined
  // Most have none, and are not worth being parsed.
  if (!found?.text.includes('"engines"')) return []
  const {path, text} = found
  return toolchains.flatMap(({toolchain}) => {
    const spec = enginesHint(text, toolchain)?.trim()
    if (spec === undefined || !isVersion(spec)) return []
    return [{toolchain, spec, path}]
  })
}

/** A version as `engines` mostly have it, which needs no parsing of ranges to be told. */
const plain = /^(?:[<>]=?|[\^~=])?\d+(?:\.\d+){0,2}$/

function isVersion(text: string): boolean {
  if (text.split(/ (?:\|\| )?/).every(part => plain.test(part))) return true
  return ['exact', 'range', 'tag'].includes(parseSpec(text).kind)
}

function nearestPackage(context: Context): {path: string; text: string} | undefined {
  for (const directory of projectAncestors(context.cwd, context)) {
    const path = childPath(directory, packageName)
    const read = readOwnedText(path, context.env, packageBytes)
    if (read !== undefined) return 'text' in read ? {path, text: read.text} : undefined
  }
  return undefined
}
