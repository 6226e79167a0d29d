import type {Whence} from '../../house/whence.ts'

/** A line a version: its number for the toolchain that is spoken of, `name@number` for others, or its program's path. */
export function renderWhence(
  found: readonly Whence[],
  {bare, paths}: {bare: string; paths: boolean},
): string {
  const line = ({toolchain, version, path}: Whence) =>
    paths ? path : toolchain === bare ? version : `${toolchain}@${version}`
  return found.map(one => `${line(one)}\n`).join('')
}
