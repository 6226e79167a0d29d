import type {Context} from '../base/context.ts'
import {describeOrigin, shortPath} from '../base/origin.ts'
import type {VersionSpec} from '../version/spec.ts'
import {versionOf} from './bin.ts'
import {notInstalled} from './missing.ts'
import type {Resolved} from './types.ts'

/**
 * Which of all that could serve a pin it was, and why, such as `from node_modules, since 5.9.3 satisfies ^5.9 set by
 * app/.toolversion:1`.
 */
export function describeResolved(resolved: Resolved, context: Context): string {
  const {toolchain, pin, spec} = resolved
  const origin = describeOrigin(pin.origin, context.cwd)
  if (resolved.via === 'missing') return notInstalled(resolved, context).message
  const unpinned = pin.origin.kind === 'default'
  if (resolved.via === 'system')
    return unpinned
      ? `from PATH, since nothing pins ${toolchain}`
      : `from PATH, as system is set by ${origin}`
  if (resolved.via === 'path') return `from ${shortPath(resolved.bin, context.cwd)}, set by ${origin}`
  const version = versionOf(resolved) ?? ''
  return `${placeOf(resolved, context)}, ${reason(version, spec)}set by ${origin}`
}

function reason(version: string, {kind, text}: VersionSpec): string {
  if (version === text) return ''
  return kind === 'tag' ? `which is what ${text} means here, ` : `since ${version} satisfies ${text} `
}

type Located = Extract<Resolved, {via: 'store' | 'node-modules' | 'on-path'}>

function placeOf(resolved: Located, context: Context): string {
  switch (resolved.via) {
    case 'node-modules':
      return `from ${shortPath(resolved.directory, context.cwd)}`
    case 'on-path':
      return `from ${resolved.file}`
    case 'store': {
      const {locked, linked} = resolved
      if (locked !== undefined) {
        const place = describeOrigin({kind: 'file', path: locked.path, line: locked.entry.line}, context.cwd)
        return `from the store, locked by ${place}`
      }
      return linked ? 'linked into the store' : 'from the store'
    }
  }
}
