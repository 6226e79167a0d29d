import type {Context} from '../base/context.ts'
import {findLeftovers, type Leftovers, removeLeftovers} from '../store/clean.ts'
import {installedToolchains, listInstalled} from '../store/installed.ts'
import {linkedVersions} from '../store/linked-versions.ts'
import {knownProjects} from '../store/projects.ts'
import {readReceipt} from '../store/receipt.ts'
import {sizeOf, sizesOf} from '../store/size.ts'
import type {Installed} from '../store/types.ts'
import {forgottenLogs, removeLogs} from '../supervisor/forgotten-logs.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {uninstall} from './uninstall.ts'
import {findUses, type Unsure, type Use, type Uses} from './uses.ts'

/** Why a version stays. */
export type Reason =
  | Use
  /** A person put it there: nobody could put it back. */
  | {kind: 'by-hand'}
  /** It is a folder of the person's, linked into the store. */
  | {kind: 'linked'; target: string | null}

interface Weighed extends Installed {
  /** On the disk. */
  bytes: number
}

interface Kept extends Weighed {
  reasons: readonly Reason[]
}

/** What nobody needs any more, beside versions, and what it takes on the disk. */
interface AllLeftovers extends Leftovers {
  /** Folders of what the servers of projects said that are no more. */
  logs: string[]
}

/** What is to go, and what stays. */
export interface PrunePlan {
  remove: Weighed[]
  keep: Kept[]
  leftovers: AllLeftovers
  /** What will be free. */
  bytes: number
  /** Who may need what is to go, since nobody can tell. */
  unsure: readonly Unsure[]
}

/** Finds the versions that nobody needs, and what else lies about. Changes nothing. */
export async function planPrune(context: Context, definitions: Definitions): Promise<PrunePlan> {
  const installed = installedToolchains(context).flatMap(toolchain => listInstalled(context, toolchain))
  const sizes = sizesOf(context, installed)
  const uses = await findUses(context, definitions)
  const reasonsOf = findReasons(context, uses)
  const all = installed.map((one, at) => ({...one, bytes: sizes[at] ?? 0, reasons: reasonsOf(one)}))
  const remove = all.filter(({reasons}) => reasons.length === 0).map(({reasons: _, ...one}) => one)
  const leftovers = findAllLeftovers(context)
  return {
    remove,
    keep: all.filter(({reasons}) => reasons.length > 0),
    leftovers,
    bytes: remove.reduce((sum, {bytes}) => sum + bytes, leftovers.bytes),
    unsure: uses.unsure,
  }
}

/**
 * Does what was planned.
 * @throws UserError PERMISSION_DENIED, READ_ONLY
 */
export async function prune(
  context: Context,
  definitions: Definitions,
  {remove, leftovers}: PrunePlan,
): Promise<void> {
  await uninstall(context, definitions, remove)
  removeLeftovers(context, leftovers)
  await removeLogs(context.layout, leftovers.logs, context.signal)
}

function findAllLeftovers(context: Context): AllLeftovers {
  const {bytes, ...leftovers} = findLeftovers(context)
  const roots = knownProjects(context).map(({root}) => root)
  const logs = forgottenLogs(context.layout, roots)
  return {...leftovers, logs, bytes: logs.reduce((sum, path) => sum + sizeOf(path), bytes)}
}

function findReasons(context: Context, uses: Uses): (one: Installed) => Reason[] {
  const links = new Map<string, string | null>()
  for (const toolchain of installedToolchains(context)) {
    for (const {version, target} of linkedVersions(context, toolchain))
      links.set(context.layout.version(toolchain, version), target ?? null)
  }
  return one => {
    const target = links.get(one.directory)
    if (target !== undefined) return [...uses.of(one), {kind: 'linked', target}]
    return readReceipt(one) === undefined ? [...uses.of(one), {kind: 'by-hand'}] : [...uses.of(one)]
  }
}
