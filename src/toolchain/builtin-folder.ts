import {childPath} from '../base/child-path.ts'

/** The folder of the definitions that come with the package. */
export function builtinFolder(packageRoot: string): string {
  return childPath(packageRoot, 'toolchains')
}
