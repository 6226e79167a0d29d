import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {parseSpec, type VersionSpec} from '../version/spec.ts'
import {pinError} from './parse.ts'
import type {Pin} from './types.ts'

/**
 * A toolchain's own file with one version in it, such as `.nvmrc` or `.node-version`: the first word of the first line
 * that is no comment. Nothing, where there is none.
 * @throws UserError PIN_SPEC_INVALID, PIN_VERSION_UNSAFE
 */
export function parseVersionFile(
  text: string,
  path: string,
  toolchain: string,
  {cwd}: Pick<Context, 'cwd'>,
): readonly Pin[] {
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n|\r/)
    .entries()) {
    const word = line.replace(/(?:^|\s)#.*$/, '').trim()
    // Later releases of nvm know settings, too.
    if (word === '' || word.includes('=')) continue
    const origin: Origin = {kind: 'file', path, line: index + 1}
    return [{toolchain, specs: [specOf(word, origin, cwd)], origin, baseDirectory: dirname(path)}]
  }
  return []
}

/** nvm's and its like's words for the newest release. */
const newest = new Set(['node', 'stable', 'current', '*'])

function specOf(word: string, origin: Origin, cwd: string): VersionSpec {
  if (newest.has(word)) return {kind: 'tag', tag: 'latest', text: 'latest'}
  const spec = parseSpec(word)
  if (spec.kind !== 'problem') return spec
  const code = spec.reason === 'unsafe' ? 'PIN_VERSION_UNSAFE' : 'PIN_SPEC_INVALID'
  const message = `the version ${JSON.stringify(word)} ${spec.message}`
  throw pinError({code, message, hint: spec.hint}, origin, cwd)
}
