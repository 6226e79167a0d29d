import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {packageRoot} from './sandbox.ts'

export interface Import {
  /** File that imports, relative to the package root. */
  from: string
  /** File or package that it imports: `src/base/errors.ts`, `undici`, `node:fs`. */
  to: string
  /** `import type …` and `export type …`: gone at run time. */
  typeOnly: boolean
  /** `import('…')`: loaded only when that line runs. */
  dynamic: boolean
}

/** Every import of the sources below the folders. */
export function importsBelow(...folders: string[]): Import[] {
  return folders.flatMap(folder => sourcesBelow(folder)).flatMap(importsOf)
}

/** The sources below a folder, relative to the package root. */
export function sourcesBelow(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(packageRoot, join(entry.parentPath, entry.name)))
}

const statement = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm
const call = /\bimport\(\s*'([^']+)'\s*\)/g

function importsOf(file: string): Import[] {
  const text = readFileSync(join(packageRoot, file), 'utf8')
  const target = (name: string) => (name.startsWith('.') ? join(dirname(file), name) : name)
  return [
    ...[...text.matchAll(statement)].map(([, type, name = '']) => ({
      from: file,
      to: target(name),
      typeOnly: type !== undefined,
      dynamic: false,
    })),
    ...[...text.matchAll(call)].map(([, name = '']) => ({
      from: file,
      to: target(name),
      typeOnly: false,
      dynamic: true,
    })),
  ]
}
