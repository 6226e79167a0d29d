import type {Context} from '../../base/context.ts'
import {shortPath} from '../../base/origin.ts'
import type {DefinitionReport} from '../../house/check-definition.ts'
import type {ListedToolchain} from '../../house/toolchains.ts'
import type {CheckStep} from '../../house/try-definition.ts'
import {columns} from './columns.ts'

/** A line a toolchain: its names, what it runs, what of it is installed, and who defines it, unless that is us. */
export function renderToolchains(all: readonly ListedToolchain[], {cwd}: Pick<Context, 'cwd'>): string {
  return columns(
    all.map(one => {
      const {name, from, path, known, problem, installed} = one
      const origin = from === 'built-in' ? '' : `(${from}: ${shortPath(path, cwd)})`
      if (known === undefined) return [name, `${problem?.code}: ${problem?.message}`, '', origin]
      const aliases = known.aliases.length === 0 ? '' : ` (${known.aliases.join(', ')})`
      return [
        `${name}${aliases}`,
        `${known.title}: ${known.executables.join(', ')}`,
        installed.length === 0 ? 'none installed' : installed.join(' '),
        origin,
      ]
    }),
  )
}

const marks: Readonly<Record<CheckStep['status'], string>> = {ok: 'ok', failed: 'FAILED', skipped: 'skipped'}

/** A line a step, and below one that failed what to do. */
export function renderStep({step, status, message, hint, line}: CheckStep): string {
  const where = line === undefined ? '' : `line ${line}: `
  const text = `${marks[status].padEnd(7)}  ${step.padEnd(11)}  ${where}${message}\n`
  return hint === undefined ? text : `${text}${' '.repeat(22)}try: ${hint}\n`
}

/** What it comes down to. */
export function renderReport({ok, steps}: DefinitionReport): string {
  if (!ok) return `${steps.filter(({status}) => status === 'failed').length} of the steps failed\n`
  const skipped = steps.filter(({status}) => status === 'skipped').length
  return skipped === 0
    ? 'the definition works\n'
    : `nothing is wrong, as far as it was tried (${skipped} skipped)\n`
}
