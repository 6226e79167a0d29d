import type {Context} from '../base/context.ts'
import {parseSpec, type VersionSpec} from '../version/spec.ts'
import {type ForeignPin, type ForeignVersion, pinOfForeign, refused} from './foreign.ts'
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
  context: Pick<Context, 'cwd'>,
): readonly Pin[] {
  return readVersionFile(text, toolchain).map(found => pinOfForeign(found, toolchain, path, context))
}

/** What such a file says; nothing, or one version. */
export function readVersionFile(text: string, toolchain: string): ForeignPin[] {
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n|\r/)
    .entries()) {
    const word = line.replace(/(?:^|\s)#.*$/, '').trim()
    // Later releases of nvm know settings, too.
    if (word === '' || word.includes('=')) continue
    const versions = [versionOf(word)]
    return [{name: toolchain, toolchain, line: index + 1, versions}]
  }
  return []
}

/** nvm's and its like's words for the newest release. */
const newest = new Set(['node', 'stable', 'current', '*'])
const latest: VersionSpec = {kind: 'tag', tag: 'latest', text: 'latest'}

function versionOf(word: string): ForeignVersion {
  if (/^iojs(?:-|$)/.test(word)) return refused(word, 'is of io.js, which ended in 2015')
  return {text: word, spec: newest.has(word) ? latest : parseSpec(word)}
}
