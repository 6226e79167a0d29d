import type {Context} from '../base/context.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {parseSpec} from '../version/spec.ts'
import {type ForeignPin, pinOfForeign} from './foreign.ts'
import type {Pin} from './types.ts'

/**
 * What the `devEngines.runtime` of a package.json says of a toolchain. What is no JSON, or has another shape, pins
 * nothing: other programs tell of that.
 * @throws UserError PIN_SPEC_INVALID, PIN_VERSION_UNSAFE
 */
export function parsePackageJson(
  text: string,
  path: string,
  toolchain: string,
  context: Pick<Context, 'cwd'>,
): readonly Pin[] {
  return readDevEngines(text, {canonical: name => (name === toolchain ? name : undefined)})
    .filter(found => found.toolchain === toolchain)
    .slice(0, 1)
    .map(found => pinOfForeign(found, toolchain, path, context))
}

/** Every runtime in the `devEngines` of a package.json. Without a version any is good. */
export function readDevEngines(text: string, {canonical}: Pick<Definitions, 'canonical'>): ForeignPin[] {
  // Most have none, and are not worth being parsed.
  if (!text.includes('"devEngines"')) return []
  const {runtime} = fieldsOf(fieldsOf(parse(text)).devEngines)
  const line = lineOf(text, 'devEngines')
  return [runtime].flat().flatMap(each => {
    const {name, version = '*'} = fieldsOf(each)
    if (typeof name !== 'string') return []
    const wanted = String(version)
    return [{name, toolchain: canonical(name), line, versions: [{text: wanted, spec: parseSpec(wanted)}]}]
  })
}

/** What the `engines` of a package.json ask for; they pin nothing. */
export function enginesHint(text: string, toolchain: string): string | undefined {
  const asked = fieldsOf(fieldsOf(parse(text)).engines)[toolchain]
  return typeof asked === 'string' ? asked : undefined
}

function lineOf(text: string, field: string): number {
  return text.slice(0, text.indexOf(`"${field}"`)).split('\n').length
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
