import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {parseSpec} from '../version/spec.ts'
import {pinError} from './parse.ts'
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
  {cwd}: Pick<Context, 'cwd'>,
): readonly Pin[] {
  // Most have none, and are not worth being parsed.
  if (!text.includes('"devEngines"')) return []
  const {runtime} = fieldsOf(fieldsOf(parse(text)).devEngines)
  const wanted = [runtime]
    .flat()
    .map(fieldsOf)
    .find(({name}) => name === toolchain)
  if (wanted === undefined) return []
  const {version = '*'} = wanted
  const origin: Origin = {kind: 'file', path, line: lineOf(text, 'devEngines')}
  const spec = parseSpec(String(version))
  if (spec.kind === 'problem') {
    const code = spec.reason === 'unsafe' ? 'PIN_VERSION_UNSAFE' : 'PIN_SPEC_INVALID'
    const message = `the version ${JSON.stringify(version)} in devEngines ${spec.message}`
    throw pinError({code, message, hint: spec.hint}, origin, cwd)
  }
  return [{toolchain, specs: [spec], origin, baseDirectory: dirname(path)}]
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
