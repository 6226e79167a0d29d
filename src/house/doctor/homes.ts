import {existsSync, readdirSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {quoteWord} from '../../base/quote-word.ts'
import {realPathIfAny} from '../../base/real-path.ts'
import {isShimFile} from '../../base/shim-mark.ts'
import {findProgram} from '../../resolve/programs.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, warning} from './finding.ts'
import {pathEntries, sameFolder} from './path-entries.ts'

/** Two homes, or two of `tool`, of which one is used by mistake. */
export function checkHomes({context}: Checked): Finding[] {
  const found = [...otherHome({context}), ...otherShims({context}), ...otherTools({context})]
  return found.length > 0 ? found : [fine('homes', `the home is ${context.layout.home}`)]
}

type Around = Pick<Checked, 'context'>

function otherHome({context: {layout, userHome}}: Around): Finding[] {
  const usual = join(userHome, '.tool')
  if (sameFolder(usual, layout.home) || !existsSync(usual) || !existsSync(layout.home)) return []
  return [
    warning(
      'homes',
      `there are two homes: ${layout.home}, which TOOL_HOME names, and ${usual}`,
      'A program that starts without TOOL_HOME, such as an editor, uses the other one.',
      `unset TOOL_HOME; or, if nothing in it is needed: rm -rf ${quoteWord(usual)}`,
    ),
  ]
}

function otherShims({context}: Around): Finding[] {
  return pathEntries(context)
    .filter(
      entry => basename(entry) === 'shims' && !sameFolder(entry, context.layout.shims) && hasShims(entry),
    )
    .map(entry =>
      warning(
        'homes',
        `PATH has the shims of another home: ${entry}`,
        'They run the versions that are installed there.',
        `take ${entry} off PATH, or: export TOOL_HOME=${quoteWord(dirname(entry))}`,
      ),
    )
}

function hasShims(folder: string): boolean {
  try {
    return readdirSync(folder).some(name => isShimFile(join(folder, name)))
  } catch {
    return false
  }
}

function otherTools({context}: Around): Finding[] {
  const programs = pathEntries(context)
    .filter(entry => !sameFolder(entry, context.layout.shims))
    .map(entry => findProgram(entry, 'tool', context))
    .filter(program => program !== undefined)
  const different = programs.filter(
    (program, at) => programs.findIndex(other => realPathIfAny(other) === realPathIfAny(program)) === at,
  )
  const [first, ...others] = different
  if (first === undefined || others.length === 0) return []
  return [
    warning(
      'homes',
      `there are ${different.length} programs called tool on PATH: ${different.join(', ')}`,
      `The first one counts: ${first}.`,
      'remove those that are not toolversion, or put its folder first on PATH',
    ),
  ]
}
