import type {Context} from '../base/context.ts'
import {findInstalled} from '../store/installed.ts'
import {findFreshlyLinked, findLinked} from '../store/linked.ts'
import {isLink, newestInstalled} from '../store/newest.ts'
import type {Installed} from '../store/types.ts'
import type {VersionSpec} from '../version/spec.ts'
import type {Found} from './types.ts'

export type Stored = Extract<Found, {via: 'store'}>

/** A folder that is called as the spec is written wins; then the link that an install left, while it is right; then the highest. */
export function findInStore(context: Context, toolchain: string, spec: VersionSpec): Stored | undefined {
  return (
    findNamed(context, toolchain, spec) ??
    asStored(byLink(context, toolchain, spec)) ??
    asStored(newestInstalled(context, toolchain, spec))
  )
}

function byLink(context: Context, toolchain: string, spec: VersionSpec): Installed | undefined {
  if (spec.kind === 'tag') return findLinked(context, toolchain, spec)
  return spec.kind === 'range' ? findFreshlyLinked(context, toolchain, spec) : undefined
}

/** The folder of the store that is called as the spec is written. */
export function findNamed(context: Context, toolchain: string, {text}: VersionSpec): Stored | undefined {
  return text.includes('/') ? undefined : asStored(findInstalled(context, toolchain, text))
}

export function asStored(installed: Installed | undefined): Stored | undefined {
  return installed && {via: 'store', installed, linked: isLink(installed)}
}
