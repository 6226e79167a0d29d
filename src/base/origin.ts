import {relative} from 'node:path'

/** Where a value came from, so that every message can say why it holds. */
export type Origin =
  | {kind: 'file'; path: string; line: number}
  | {kind: 'variable'; name: string}
  | {kind: 'argument'; text: string}
  | {kind: 'default'}

/** `app/.toolversion:1`, `TOOL_VERSION`, `the command line`, `the default`; files relative to `cwd` where that is shorter. */
export function describeOrigin(origin: Origin, cwd: string): string {
  switch (origin.kind) {
    case 'file':
      return `${shortPath(origin.path, cwd)}:${origin.line}`
    case 'variable':
      return origin.name
    case 'argument':
      return 'the command line'
    case 'default':
      return 'the default'
  }
}

/** A path as messages show it: relative to `cwd` where that is shorter. */
export function shortPath(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short !== '' && short.length < path.length ? short : path
}
