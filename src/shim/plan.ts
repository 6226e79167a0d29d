import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {beginningOf} from '../base/files.ts'
import type {Definition} from '../model/definition.ts'
import {installedToolchains, namesIn} from '../store/installed.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** A shim that should be there. */
export interface PlannedShim {
  /** The executable that it is named after. */
  name: string
  /** The only toolchain that has it; undefined where `tool exec` must tell which one is meant. */
  toolchain: Definition | undefined
  /** The versions that a person put there whose program is no script: a shim would read all of it to find that out. */
  binaries: readonly string[]
}

/**
 * A shim for each executable that any installed version has, by name.
 * @throws UserError HOME_NOT_A_DIRECTORY, PERMISSION_DENIED
 */
export function planShims(context: Context, definitions: Definitions): PlannedShim[] {
  const owners = new Map<string, Set<string>>()
  const binaries = new Map<string, string[]>()
  for (const toolchain of installedToolchains(context)) {
    for (const version of namesIn(context, context.layout.toolchain(toolchain))) {
      const bin = context.layout.bin(toolchain, version)
      const byHand = !existsSync(context.layout.receipt(toolchain, version))
      for (const name of executablesIn(bin)) {
        owners.set(name, (owners.get(name) ?? new Set()).add(toolchain))
        if (byHand && isBinary(join(bin, name))) binaries.set(name, [...(binaries.get(name) ?? []), version])
      }
    }
  }
  return [...owners]
    .map(([name, having]) => ({
      name,
      toolchain: onlyOwner(name, having, definitions),
      binaries: binaries.get(name) ?? [],
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** One that a definition promises, too: what a person added to a version by hand is found among all that is pinned. */
function onlyOwner(
  name: string,
  having: ReadonlySet<string>,
  definitions: Definitions,
): Definition | undefined {
  const [promising, ...others] = definitions.providing(name)
  const isOnly = others.length === 0 && having.size === 1 && promising && having.has(promising.name)
  return isOnly ? promising : undefined
}

function executablesIn(bin: string): string[] {
  try {
    return readdirSync(bin).filter(isShimName)
  } catch {
    // No version, or one that is being taken away.
    return []
  }
}

/** A hidden file is no command, and a line break has no place in a script's line. */
function isShimName(name: string): boolean {
  return !name.startsWith('.') && !/[\u0000-\u001f\u007f]/.test(name)
}

/** Whether a file is no script: one begins with the line that names its interpreter. */
function isBinary(path: string): boolean {
  try {
    const start = beginningOf(path, 2)
    return start.length === 2 && start !== '#!'
  } catch {
    return false
  }
}
