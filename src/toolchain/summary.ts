import type {Definition} from '../model/definition.ts'

/** What a toolchain is found by. */
export interface Summary {
  aliases: readonly string[]
  versionFiles: readonly string[]
  /** Of all versions; what only some source has (`npm`, with Node's own archives) is not promised, and PATH may have it. */
  executables: readonly string[]
}

/** What a toolchain is found by, of its definition. */
export function summaryOf({
  aliases = [],
  versionFiles = [],
  executables,
  overrides = [],
}: Pick<Definition, 'aliases' | 'versionFiles' | 'executables' | 'overrides'>): Summary {
  const all = [executables, ...overrides.map(override => override.executables ?? {})]
  return {aliases, versionFiles, executables: [...new Set(all.flatMap(each => Object.keys(each)))]}
}
