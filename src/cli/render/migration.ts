import type {Context} from '../../base/context.ts'
import {describeOrigin, shortPath} from '../../base/origin.ts'
import type {Migration} from '../../house/migrate.ts'
import type {LeftPin, TakenPin} from '../../house/migration-plan.ts'
import {printPin} from '../../pin/print.ts'
import {columns} from './columns.ts'

/** A line for each pin that was taken and where it comes from, then what was left and why, then what became of the file. */
export function renderMigration(
  {path, changed, taken, left}: Migration,
  {cwd}: Pick<Context, 'cwd'>,
  {dryRun}: {dryRun: boolean},
): string {
  const kept = columns(taken.map(pin => takenRow(pin, cwd)))
  const passed =
    left.length === 0 ? '' : `left where it is:\n${left.map(pin => leftLines(pin, cwd)).join('')}`
  return `${kept}${passed}${ending(shortPath(path, cwd), changed, dryRun)}\n`
}

function takenRow({toolchain, specs, state, origin, name, lost}: TakenPin, cwd: string): string[] {
  const called = name === toolchain ? '' : ` (${name})`
  const notes = [
    ...(state === 'present' ? ['pinned so already'] : []),
    ...(state === 'replaced' ? ['replaces another pin'] : []),
    ...(lost.length === 0 ? [] : [`without its ${lost.join(', ')}`]),
  ]
  return [
    printPin(toolchain, specs),
    `from ${describeOrigin(origin, cwd)}${called}`,
    ...(notes.length === 0 ? [] : [notes.join('; ')]),
  ]
}

function leftLines({name, versions, origin, reason, hint}: LeftPin, cwd: string): string {
  const what = [name, ...versions].filter(word => word !== '').join(' ')
  const line = `  ${describeOrigin(origin, cwd)}${what && ` ${what}`}: ${reason}\n`
  return hint === undefined ? line : `${line}    try: ${hint}\n`
}

function ending(path: string, changed: boolean, dryRun: boolean): string {
  if (!changed) return `nothing to write into ${path}`
  return dryRun ? `would write ${path}` : `wrote ${path}`
}
