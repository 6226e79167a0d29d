import type {Context} from '../base/context.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {findInstalled, listInstalled} from '../store/installed.ts'
import {findLinked} from '../store/linked.ts'
import type {Installed} from '../store/types.ts'
import {maxSatisfying} from '../version/match.ts'
import type {VersionSpec} from '../version/spec.ts'
import {installable} from './installable.ts'
import {binOfPath, pathWithoutBin} from './path-pin.ts'
import {findOnPath} from './programs.ts'
import type {Resolved} from './types.ts'

/**
 * What a pin comes down to without asking any network: the first of its specs that is there.
 * @throws UserError PATH_PIN_UNTRUSTED, PATH_PIN_WITHOUT_BIN
 */
export function resolveLocal(context: Context, definition: Definition, pin: Pin): Resolved {
  const about = {toolchain: definition.name, pin}
  for (const spec of pin.specs) {
    const found = resolveSpec(context, definition, pin, spec)
    if (found !== undefined) return {...about, spec, ...found}
  }
  const wanted = installable(pin)
  if (wanted !== undefined) return {...about, spec: wanted, via: 'missing'}
  const [first] = pin.specs
  if (first.kind === 'path') throw pathWithoutBin(pin, first, context)
  return {...about, spec: first, via: 'system'}
}

type Found = {via: 'store'; installed: Installed} | {via: 'path'; bin: string} | {via: 'system'}

function resolveSpec(
  context: Context,
  definition: Definition,
  pin: Pin,
  spec: VersionSpec,
): Found | undefined {
  switch (spec.kind) {
    case 'path': {
      const bin = binOfPath(pin, spec, context)
      return bin === undefined ? undefined : {via: 'path', bin}
    }
    case 'system':
      return executableNames(definition).some(name => findOnPath(name, context)) ? {via: 'system'} : undefined
    default: {
      const installed = findInStore(context, definition.name, spec)
      return installed === undefined ? undefined : {via: 'store', installed}
    }
  }
}

/** A folder that is called as the spec is written wins; then the link that an install left for a tag; then the highest. */
function findInStore(context: Context, toolchain: string, spec: VersionSpec): Installed | undefined {
  const named = spec.text.includes('/') ? undefined : findInstalled(context, toolchain, spec.text)
  if (named !== undefined) return named
  const linked = spec.kind === 'tag' ? findLinked(context, toolchain, spec) : undefined
  if (linked !== undefined) return linked
  const all = listInstalled(context, toolchain)
  const best = maxSatisfying(
    all.map(({version}) => version),
    spec,
  )
  return all.find(({version}) => version === best)
}

/** The executables of a toolchain, in any of its versions. */
export function executableNames({executables, overrides = []}: Definition): string[] {
  return [executables, ...overrides.map(override => override.executables ?? {})].flatMap(Object.keys)
}
