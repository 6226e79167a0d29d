import type {Context} from '../base/context.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import type {VersionSpec} from '../version/spec.ts'
import {installable} from './installable.ts'
import {lockFor, resolveLocked} from './locked.ts'
import {findInNodeModules} from './node-modules.ts'
import {findVersionOnPath} from './on-path.ts'
import {binOfPath, pathWithoutBin} from './path-pin.ts'
import {type Answers, cachedAnswers} from './probe-cache.ts'
import {findOnPath} from './programs.ts'
import {findInStore} from './stored.ts'
import type {Found, Resolved} from './types.ts'

export interface LocalOptions {
  /** What programs on PATH say of their version; by default only what is known already. Nothing is started. */
  answers?: Answers
  /** Set to look in the store alone: neither in `node_modules` nor on PATH. */
  storeOnly?: boolean
}

/**
 * What a pin comes down to without asking any network or starting anything: the first of its specs that is there. Where
 * a lock file speaks of the pin, only what that names counts.
 * @throws UserError PATH_PIN_UNTRUSTED, PATH_PIN_WITHOUT_BIN, LOCK_INVALID
 */
export function resolveLocal(
  context: Context,
  definition: Definition,
  pin: Pin,
  options: LocalOptions = {},
): Resolved {
  const about = {toolchain: definition.name, pin}
  const wanted = installable(pin)
  const lock = wanted && lockFor(context, pin)
  const unasked: string[] = []
  for (const spec of pin.specs) {
    const found =
      lock && spec === wanted
        ? resolveLocked(context, definition.name, spec, lock)
        : find(context, definition, pin, spec, options, unasked)
    if (found !== undefined) return {...about, spec, ...found}
  }
  if (wanted !== undefined)
    return {...about, spec: wanted, via: 'missing', because: {kind: 'not-there', unasked}}
  const [first] = pin.specs
  if (first.kind === 'path') throw pathWithoutBin(pin, first, context)
  return {...about, spec: first, via: 'system'}
}

/**
 * The same of a pin whose definition is not at hand.
 * @throws UserError UNKNOWN_TOOLCHAIN, and those of `resolveLocal`
 */
export function resolvePin(context: Context, definitions: Definitions, pin: Pin): Resolved {
  return resolveLocal(context, definitions.get(pin.toolchain, pin.nameOrigin ?? pin.origin), pin)
}

/** In the order of the design. Programs on PATH that nobody has asked yet are added to `unasked`. */
function find(
  context: Context,
  definition: Definition,
  pin: Pin,
  spec: VersionSpec,
  {answers, storeOnly = false}: LocalOptions,
  unasked: string[],
): Found | undefined {
  switch (spec.kind) {
    case 'path': {
      const bin = binOfPath(pin, spec, context)
      return bin === undefined ? undefined : {via: 'path', bin}
    }
    case 'system':
      return executableNames(definition).some(name => findOnPath(name, context)) ? {via: 'system'} : undefined
    default: {
      const stored = findInStore(context, definition.name, spec)
      if (stored || storeOnly) return stored
      const own = findInNodeModules(context, definition, pin, spec)
      if (own) return {via: 'node-modules', ...own}
      const onPath = findVersionOnPath(
        context,
        definition,
        spec,
        answers ?? cachedAnswers(context, definition),
      )
      if (onPath.found) return {via: 'on-path', ...onPath.found, unasked: onPath.unasked}
      unasked.push(...onPath.unasked)
      return undefined
    }
  }
}

/** The executables of a toolchain, in any of its versions. */
export function executableNames({executables, overrides = []}: Definition): string[] {
  return [executables, ...overrides.map(override => override.executables ?? {})].flatMap(Object.keys)
}
