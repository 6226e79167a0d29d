import type {Context} from '../../base/context.ts'
import {findProgram} from '../../resolve/programs.ts'
import {listShims} from '../../shim/rehash.ts'
import {initAdvice} from '../init-advice.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, warning} from './finding.ts'
import {managerOf} from './managers.ts'
import {pathEntries, sameFolder} from './path-entries.ts'

/** Whether a shim is what the name of a program means in this shell. */
export function checkPath({context}: Checked): Finding[] {
  const entries = pathEntries(context)
  const at = entries.findIndex(entry => sameFolder(entry, context.layout.shims))
  if (at < 0) return [notOnPath(context)]
  const found = entries.slice(0, at).flatMap(entry => inFront(entry, context))
  return found.length > 0 ? found : [fine('path', 'the shims are on PATH, and nothing stands before them')]
}

function notOnPath(context: Context): Finding {
  const {line, file} = initAdvice(context)
  return warning(
    'path',
    'the shims are not on PATH',
    `Pinned versions run only through tool exec. Add the line to ${file}, then start a new shell.`,
    line,
  )
}

/** What a folder before the shims takes from them. */
function inFront(entry: string, context: Context): Finding[] {
  const same = listShims(context)
    .map(name => name.replace(/\.(?:cmd|ps1)$/, ''))
    .filter(name => findProgram(entry, name, context) !== undefined)
  const manager = managerOf(entry)
  if (same.length === 0 && manager === undefined) return []
  const {line, file} = initAdvice(context)
  const what =
    same.length > 0
      ? `${list(same)} in ${entry} ${same.length > 1 ? 'come' : 'comes'} before the shims on PATH`
      : `the folder of ${manager} comes before the shims on PATH: ${entry}`
  const whose = manager === undefined || same.length === 0 ? '' : ` It is the folder of ${manager}.`
  return [
    warning(
      'path',
      what,
      `What it has is run, whatever is pinned.${whose} Keep the line of tool at the end of ${file}; here and now:`,
      line,
    ),
  ]
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown
}
