import {existsSync} from 'node:fs'
import {basename, resolve} from 'node:path'
import {projectAncestors} from '../base/ancestors.ts'
import {childPath} from '../base/child-path.ts'
import type {Context} from '../base/context.ts'
import {builtinFolder} from './builtin-folder.ts'
import {jsonFilesIn} from './json-files.ts'
import {projectConfigName} from './project-config.ts'

/** A file in which a project defines a toolchain. */
export interface ProjectDefinitionFile {
  /** Of the toolchain. */
  name: string
  path: string
}

/**
 * The definitions of the project that the person is in, and of those around it, the nearest first: `toolchains/*.json`
 * beside a pin file or a `tool.json`. A folder of that name with neither is something else.
 */
export function projectDefinitionFiles(context: Context): ProjectDefinitionFile[] {
  const {cwd, env, layout, packageRoot} = context
  const not = new Set([layout.definitions, builtinFolder(packageRoot)])
  const found = new Map<string, ProjectDefinitionFile>()
  const starts = env.TOOL_DIR ? [resolve(cwd, env.TOOL_DIR), cwd] : [cwd]
  for (const root of starts.flatMap(start => [...projectAncestors(start, context)])) {
    const folder = childPath(root, 'toolchains')
    if (not.has(folder)) continue
    const files = jsonFilesIn(folder)
    if (files.length === 0 || !isMarked(root, context)) continue
    for (const path of files) {
      const name = basename(path, '.json')
      if (!found.has(name)) found.set(name, {name, path})
    }
  }
  return [...found.values()]
}

function isMarked(root: string, {env}: Context): boolean {
  const names = [projectConfigName, env.TOOL_VERSION_FILE || '.toolversion', '.tool-versions']
  return names.some(name => existsSync(childPath(root, name)))
}
