import {join} from 'node:path'
import {projectAncestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import {lockPath, readLock} from '../pin/lock-file.ts'
import type {Project} from '../pin/project.ts'
import {pinsIn} from '../pin/readers.ts'
import type {Pin} from '../pin/types.ts'
import {installable} from '../resolve/installable.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import type {ToLock} from './lock-entry.ts'
import {checkFolder, type Folder, type LockedFile, lockFolder} from './lock-folder.ts'

export interface LockOptions {
  /** Toolchains whose versions are looked for anew, or all of them. */
  upgrade?: readonly string[] | 'all'
  /** Whether what stays locked is held against what its source offers now; true unless said otherwise. */
  verify?: boolean
  /** Makes no lock file where there is none. */
  onlyExisting?: boolean
  network?: Network
}

/**
 * Writes down exactly what the pins of a project mean now, for every platform: into the lock file beside each pin file
 * of the project's root and of the folders above it, below the person's home. What is locked stays as it is, unless it
 * is to be upgraded, or nothing pins it any more. With `--frozen` nothing is written: what would have to be is an error.
 * @throws UserError NOTHING_PINNED, TOOLCHAIN_NOT_PINNED, INTEGRITY_MISMATCH, LOCK_OUTDATED, LOCK_INVALID, NO_SUCH_VERSION,
 * NETWORK_*, PERMISSION_DENIED, READ_ONLY, UNKNOWN_TOOLCHAIN
 */
export async function lock(
  context: Context,
  definitions: Definitions,
  project: Project,
  options: LockOptions = {},
): Promise<LockedFile[]> {
  const folders = foldersOf(context, definitions, project, options)
  checkUpgrade(folders, options, project)
  const {network = createNetwork(context)} = options
  const locked: LockedFile[] = []
  for (const folder of folders) {
    locked.push(
      context.frozen
        ? checkFolder(context, folder)
        : await lockFolder(context, folder, {...options, network}),
    )
  }
  return locked
}

function foldersOf(
  context: Context,
  definitions: Definitions,
  {root}: Project,
  {onlyExisting = false}: LockOptions,
): Folder[] {
  const folders = [...projectAncestors(root, context)].map(directory => {
    const path = lockPath(directory, context)
    return {path, file: readLock(path, context), toLock: pinnedIn(context, definitions, directory)}
  })
  if (onlyExisting) return folders.filter(({file}) => file !== undefined)
  const found = folders.filter(({file, toLock}) => file !== undefined || toLock.length > 0)
  if (found.length > 0) return found
  throw new UserError({
    code: 'NOTHING_PINNED',
    message: `the project in ${root} pins no version that could be locked`,
    hint: `write a line such as "typescript ^5.9" into ${join(root, '.toolversion')}`,
    exitCode: Exit.badPin,
  })
}

/** Of a toolchain that several files of the folder name, the first counts. */
function pinnedIn(context: Context, definitions: Definitions, directory: string): ToLock[] {
  const pins = new Map<string, Pin>()
  for (const pin of pinsIn(directory, context, definitions))
    if (!pins.has(pin.toolchain)) pins.set(pin.toolchain, pin)
  return [...pins.values()].flatMap(pin => {
    const spec = installable(pin)
    return spec ? {definition: definitions.get(pin.toolchain, pin.origin), pin, spec} : []
  })
}

function checkUpgrade(
  folders: readonly Folder[],
  {upgrade = [], onlyExisting}: LockOptions,
  {root}: Project,
): void {
  if (upgrade === 'all' || onlyExisting) return
  const known = folders.flatMap(({toLock}) => toLock.map(({definition}) => definition.name))
  const unknown = upgrade.find(name => !known.includes(name))
  if (unknown === undefined) return
  throw new UserError({
    code: 'TOOLCHAIN_NOT_PINNED',
    message: `the project in ${root} does not pin ${unknown} (set by the command line)`,
    hint: `it pins ${[...new Set(known)].join(', ')}`,
    exitCode: Exit.badPin,
  })
}
