import type {Installed} from '../../store/types.ts'

/** A line for each version that is gone. */
export function renderRemoved(removed: readonly Pick<Installed, 'toolchain' | 'version'>[]): string {
  return removed.map(({toolchain, version}) => `${toolchain} ${version}  removed\n`).join('')
}
