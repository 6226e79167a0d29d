import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {currentPins} from '../pin/find.ts'
import {versionOf} from '../resolve/bin.ts'
import {describeResolved} from '../resolve/describe.ts'
import {resolveLocal} from '../resolve/local.ts'
import {howToInstall, type MissingVersion, notInstalled} from '../resolve/missing.ts'
import type {Resolved} from '../resolve/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {printSpec} from '../version/spec.ts'

/** A pin that holds in this directory, and what it comes down to. */
export interface CurrentPin {
  toolchain: string
  /** As it was written; fallbacks in their order. */
  specs: string[]
  origin: Origin
  /** The exact version that serves it; null where there is none, or none is known. */
  version: string | null
  /**
   * Where it is: in the store, `linked` into it, in `node_modules`, on PATH (`on-path`), in the folder of a `path:` pin,
   * the system's, or nowhere.
   */
  via: Resolved['via'] | 'linked'
  /** Which of all that could serve it is, and why; or why none does. */
  reason: string
  /** The lock file that decides; null where none does. */
  lock: string | null
  /** For what is missing, what to do. */
  hint?: string
}

/**
 * Every pin that holds here, nearest first. Starts nothing: what programs on PATH have not been asked for their version
 * before does not count.
 * @throws UserError PIN_*, PATH_PIN_*, LOCK_INVALID, UNKNOWN_TOOLCHAIN
 */
export function current(context: Context, definitions: Definitions): CurrentPin[] {
  return currentPins(context, definitions).map(pin => {
    const resolved = resolveLocal(context, definitions.get(pin.toolchain, pin.origin), pin)
    return {
      toolchain: pin.toolchain,
      specs: pin.specs.map(printSpec),
      origin: pin.origin,
      version: versionOf(resolved) ?? null,
      via: resolved.via === 'store' && resolved.linked ? 'linked' : resolved.via,
      reason: describeResolved(resolved, context),
      lock: lockOf(resolved) ?? null,
      ...(resolved.via === 'missing' && {hint: hintFor(resolved, context)}),
    }
  })
}

function lockOf(resolved: Resolved): string | undefined {
  if (resolved.via === 'store') return resolved.locked?.path
  if (resolved.via !== 'missing' || resolved.because.kind === 'not-there') return undefined
  return resolved.because.kind === 'not-locked' ? resolved.because.path : resolved.because.locked.path
}

function hintFor(resolved: MissingVersion, context: Context): string {
  const {hint = ''} = notInstalled(resolved, context)
  return resolved.because.kind === 'not-there' ? howToInstall(resolved) : hint
}
