import {readdirSync} from 'node:fs'
import {basename, dirname, sep} from 'node:path'
import type {Context} from '../base/context.ts'
import {realPathIfAny} from '../base/real-path.ts'

/** A version that is a link which a person made. */
export interface LinkedVersion {
  /** What it is called. */
  version: string
  /** The folder that it leads to in the end; undefined where it leads nowhere. */
  target: string | undefined
  /** The version of the same toolchain that this is, for which it is another name. */
  alias: string | undefined
}

/** The versions of a toolchain that are links, also those that lead nowhere. */
export function linkedVersions({layout}: Context, toolchain: string): LinkedVersion[] {
  const folder = layout.toolchain(toolchain)
  const home = realPathIfAny(folder)
  return linksIn(folder).map(version => {
    const target = realPathIfAny(folder + sep + version)
    const alias = target !== undefined && dirname(target) === home ? basename(target) : undefined
    return {version, target, alias}
  })
}

function linksIn(folder: string): string[] {
  try {
    return readdirSync(folder, {withFileTypes: true})
      .filter(entry => entry.isSymbolicLink())
      .map(({name}) => name)
  } catch {
    // There is none, or nothing in it can be seen: whoever lists its versions says so.
    return []
  }
}
