import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {compareShims, type ShimDifferences} from '../../shim/rehash.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, problem, warning} from './finding.ts'

/** Whether the shims are those that `tool rehash` would write. */
export function checkShims({context, definitions}: Checked): Finding[] {
  if (definitions === undefined)
    return [fine('shims', 'the shims were not checked: no definition can be read')]
  const differences = compareShims(context, definitions)
  const {layout} = context
  const gone = differences.outdated.flatMap(name => goneParts(join(layout.shims, name)))
  if (gone.length > 0) {
    return [
      problem(
        'shims',
        `shims start what is gone: ${gone[0]}`,
        `${list(differences.outdated)} can't run anything unusual.`,
        'tool rehash',
      ),
    ]
  }
  const found = describe(differences).map(([title, detail]) => warning('shims', title, detail, 'tool rehash'))
  const foreign = differences.foreign.map(name =>
    warning(
      'shims',
      `${join(layout.shims, name)} is no shim`,
      'It stands where a shim should be, and is left alone.',
      `mv ${join(layout.shims, name)} somewhere else, then: tool rehash`,
    ),
  )
  const all = [...found, ...foreign]
  return all.length > 0
    ? all
    : [fine('shims', `shims that are as they should be: ${differences.same.length}`)]
}

function describe({missing, stale, outdated}: ShimDifferences): [title: string, detail: string][] {
  const all: [readonly string[], string, string][] = [
    [missing, 'without a shim', 'Executables of installed versions have none.'],
    [stale, 'with a stale shim', 'No installed version has such an executable any more.'],
    [outdated, 'with an old shim', 'Another toolversion wrote it, or its permissions were changed.'],
  ]
  return all
    .filter(([names]) => names.length > 0)
    .map(([names, what, why]) => [`${list(names)}: ${what}`, why])
}

/** What a shim would start and can't. */
function goneParts(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/^__tool_(?:runtime|script)='(.*)'$/gm)]
    .map(([, quoted = '']) => quoted.replaceAll("'\\''", "'"))
    .filter(part => !existsSync(part))
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown
}
