import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {parseSpec, type VersionSpec} from '../version/spec.ts'
import {pinError} from './parse.ts'
import type {Pin} from './types.ts'

export interface ToolVersions {
  pins: readonly Pin[]
  /** Lines about what no toolchain of ours is called. */
  unknown: readonly {name: string; line: number}[]
}

/**
 * asdf's `.tool-versions`: a line a tool, `NAME VERSION [FALLBACK…]`, and comments. Names are asdf's own; of a tool that
 * is named twice the first line counts.
 * @throws UserError PIN_WITHOUT_VERSION, PIN_SPEC_INVALID, PIN_VERSION_UNSAFE for a tool that is a toolchain of ours
 */
export function parseToolVersions(
  text: string,
  path: string,
  definitions: Pick<Definitions, 'canonical'>,
  {cwd}: Pick<Context, 'cwd'>,
): ToolVersions {
  const pins = new Map<string, Pin>()
  const unknown: {name: string; line: number}[] = []
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n|\r/)
    .entries()) {
    const [name, ...versions] = whole.replace(/#.*$/, '').trim().split(/\s+/)
    if (name === undefined || name === '') continue
    const toolchain = definitions.canonical(name)
    if (toolchain === undefined) {
      unknown.push({name, line: index + 1})
      continue
    }
    const origin: Origin = {kind: 'file', path, line: index + 1}
    const [first, ...others] = versions.map(version => specOf(version, origin, cwd))
    if (first === undefined) {
      const message = `${JSON.stringify(name)} has no version`
      throw pinError(
        {code: 'PIN_WITHOUT_VERSION', message, hint: `write one after it: ${name} 1.2.3`},
        origin,
        cwd,
      )
    }
    if (!pins.has(toolchain))
      pins.set(toolchain, {toolchain, specs: [first, ...others], origin, baseDirectory: dirname(path)})
  }
  return {pins: [...pins.values()], unknown}
}

function specOf(version: string, origin: Origin, cwd: string): VersionSpec {
  // asdf's way to write the newest of a line.
  const spec = parseSpec(version.replace(/^latest:/, ''))
  if (spec.kind !== 'problem' && !version.startsWith('ref:')) return spec
  const problem =
    spec.kind === 'problem' ? spec : {reason: 'invalid', message: 'is a revision of its sources', hint: ''}
  throw pinError(
    {
      code: problem.reason === 'unsafe' ? 'PIN_VERSION_UNSAFE' : 'PIN_SPEC_INVALID',
      message: `the version ${JSON.stringify(version)} ${problem.message}`,
      hint: problem.hint || 'pin a released version instead, in .toolversion',
    },
    origin,
    cwd,
  )
}
