import type {Resolved} from './types.ts'

/** The folder with the executables of what a pin came down to; the system's are in many. */
export function binOf(resolved: Resolved): string | undefined {
  if (resolved.via === 'store') return resolved.installed.bin
  return resolved.via === 'path' ? resolved.bin : undefined
}
