import type {Context} from '../base/context.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {linkedVersions} from '../store/linked-versions.ts'
import {readReceipt} from '../store/receipt.ts'
import {sizesOf} from '../store/size.ts'
import type {Installed, Receipt} from '../store/types.ts'

/** How a version came into the store. */
type VersionOrigin =
  | ({kind: 'source'} & Pick<Receipt, 'source' | 'url' | 'integrity' | 'signature' | 'date'>)
  | {kind: 'linked'; target: string}
  | {kind: 'by-hand'}

export type Detailed<T extends Installed> = T & {
  /** Bytes on the disk; 0 of what is only linked. */
  size: number
  origin: VersionOrigin
}

/** Versions with their sizes and where they came from, in the same order. */
export function withDetails<T extends Installed>(context: Context, versions: readonly T[]): Detailed<T>[] {
  const sizes = sizesOf(context, versions)
  const links = new Set(
    [...new Set(versions.map(({toolchain}) => toolchain))].flatMap(toolchain =>
      linkedVersions(context, toolchain).map(({version}) => context.layout.version(toolchain, version)),
    ),
  )
  return versions.map((one, at) => ({
    ...one,
    size: sizes[at] ?? 0,
    origin: links.has(one.directory) ? linked(one) : originOf(one),
  }))
}

function linked({directory}: Installed): VersionOrigin {
  return {kind: 'linked', target: realPathIfAny(directory) ?? directory}
}

function originOf(installed: Installed): VersionOrigin {
  const receipt = readReceipt(installed)
  if (receipt === undefined) return {kind: 'by-hand'}
  const {source, url, integrity, signature, date} = receipt
  return {kind: 'source', source, url, integrity, ...(signature && {signature}), date}
}
