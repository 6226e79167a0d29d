import {lstatSync} from 'node:fs'
import {ancestors, projectAncestors} from '../base/ancestors.ts'
import {childPath} from '../base/child-path.ts'
import type {Context} from '../base/context.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {projectConfigName} from '../toolchain/project-config.ts'
import {defaultToolchain} from './default-toolchain.ts'
import {hasPins, pinsIn} from './readers.ts'
import type {Pin} from './types.ts'
import {variablePin} from './variables.ts'

export interface Project {
  /** The nearest ancestor of the working directory with a pin file (ours or another tool's) or a `tool.json`, below the home if inside it. */
  root: string
}

/** The project of the working directory, if it is in one. */
export function findProject(context: Context, definitions: Definitions): Project | undefined {
  for (const root of projectAncestors(context.cwd, context)) {
    if (exists(childPath(root, projectConfigName)) || hasPins(root, context, definitions, exists))
      return {root}
  }
  return undefined
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, {throwIfNoEntry: false}) !== undefined
  } catch {
    return false
  }
}

/**
 * What the project pins, for building and installing: the toolchains that files at or above its root name, nearest
 * first. Variables override only their versions; what is the system's, or pinned globally, is left out.
 * @throws UserError PIN_*
 */
export function projectPins(context: Context, definitions: Definitions, {root}: Project): Pin[] {
  const pins = new Map<string, Pin>()
  for (const directory of ancestors(root)) {
    for (const pin of pinsIn(directory, context, definitions)) {
      if (!pins.has(pin.toolchain)) pins.set(pin.toolchain, pin)
    }
  }
  return [...pins.values()]
    .map(pin => variablePin(context, pin.toolchain, () => defaultToolchain(context).name) ?? pin)
    .filter(({specs}) => specs.some(({kind}) => kind !== 'system'))
}
