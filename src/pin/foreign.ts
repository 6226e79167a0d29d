import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {parseSpec, type SpecProblem, type VersionSpec} from '../version/spec.ts'
import {pinError} from './parse.ts'
import type {Pin} from './types.ts'

/** What one place of another tool's file asks for. */
export interface ForeignPin {
  line: number
  /** What the file calls it. */
  name: string
  /** The toolchain of ours that is meant; undefined where there is none. */
  toolchain: string | undefined
  /** More than one are fallbacks. */
  versions: readonly ForeignVersion[]
  /** What else the file asks for, which no pin of ours can say. */
  lost?: readonly string[]
}

export interface ForeignVersion {
  /** As it is written there. */
  text: string
  spec: VersionSpec | SpecProblem
}

/** A version as asdf and mise write it: `latest:5` and `prefix:5` are the newest of a line; the rest is as with us. */
export function foreignVersion(text: string): ForeignVersion {
  const [, scope] = /^(ref|tag|branch|rev|sub-[^:]*|path):/.exec(text) ?? []
  if (/\{[{%#]/.test(text)) return refused(text, 'is a template, which only mise fills in')
  if (scope?.startsWith('sub-')) return refused(text, 'is counted back from another one')
  if (scope === 'path')
    return text.startsWith('path:~')
      ? refused(text, 'begins with ~', 'write the whole path of the folder')
      : {text, spec: parseSpec(text)}
  if (scope !== undefined) return refused(text, 'is a revision of its sources')
  return {text, spec: parseSpec(text.replace(/^(?:latest|prefix):/, ''))}
}

/** A version that can't be a pin, and why: completes the sentence "the version … ". */
export function refused(
  text: string,
  message: string,
  hint = 'pin a released version instead, in .toolversion',
): ForeignVersion {
  return {text, spec: {kind: 'problem', reason: 'invalid', message, hint}}
}

/**
 * The pin that another tool's file means.
 * @throws UserError PIN_WITHOUT_VERSION, PIN_SPEC_INVALID, PIN_VERSION_UNSAFE
 */
export function pinOfForeign(
  {name, line, versions}: ForeignPin,
  toolchain: string,
  path: string,
  {cwd}: Pick<Context, 'cwd'>,
): Pin {
  const origin: Origin = {kind: 'file', path, line}
  const [first, ...others] = versions.map(({text, spec}) => {
    if (spec.kind !== 'problem') return spec
    const code = spec.reason === 'unsafe' ? 'PIN_VERSION_UNSAFE' : 'PIN_SPEC_INVALID'
    const message = `the version ${JSON.stringify(text)} ${spec.message}`
    throw pinError({code, message, hint: spec.hint}, origin, cwd)
  })
  if (first === undefined) {
    const message = `${JSON.stringify(name)} has no version`
    const hint = `write one after it: ${name} 1.2.3`
    throw pinError({code: 'PIN_WITHOUT_VERSION', message, hint}, origin, cwd)
  }
  return {toolchain, specs: [first, ...others], origin, baseDirectory: dirname(path)}
}
