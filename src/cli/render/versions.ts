import type {Context} from '../../base/context.ts'
import {describeOrigin, type Origin} from '../../base/origin.ts'
import type {ToolchainVersions} from '../../house/versions.ts'

export interface VersionsView {
  /** Only one toolchain is listed, so its name is left out. */
  single: boolean
  /** What each takes on the disk, in words, in the order of the list. */
  sizes?: readonly string[] | undefined
}

/** A line a version, `*` before those that are pinned here, the system's first. Written for thousands of lines. */
export function renderVersions(
  all: readonly ToolchainVersions[],
  {cwd}: Pick<Context, 'cwd'>,
  {single, sizes}: VersionsView,
): string {
  const nameWidth = single ? 0 : longest(all.map(({toolchain}) => toolchain)) + 2
  const width = all.reduce(
    (most, one) => Math.max(most, longest(one.versions), one.system === undefined ? 0 : 6),
    0,
  )
  const sizeWidth = sizes ? longest(sizes) + 2 : 0
  let at = 0
  let text = ''
  for (const {toolchain, versions, current, system} of all) {
    const name = toolchain.padEnd(nameWidth).slice(0, nameWidth)
    const marked = (version: string, origin: Origin | null | undefined, size = '') => {
      const cells = `${version.padEnd(width)}  ${size.padEnd(sizeWidth)}`
      const why = origin ? `(set by ${describeOrigin(origin, cwd)})` : ''
      return `${origin ? '*' : ' '} ${name}${cells}${why}`.trimEnd().concat('\n')
    }
    if (system !== undefined) text += marked('system', system)
    const plain = `  ${name}`
    for (const version of versions) {
      const origin = current.get(version)
      // Nearly all of them.
      if (origin === undefined && sizes === undefined) text += `${plain}${version}\n`
      else text += marked(version, origin, sizes?.[at++])
    }
  }
  return text
}

function longest(texts: readonly string[]): number {
  let most = 0
  for (const {length} of texts) if (length > most) most = length
  return most
}
