import type {Definition} from '../model/definition.ts'
import type {SourceDefinition} from '../model/source-definition.ts'

/** The executables of a toolchain, in any of its versions and from any of its sources. */
export function executableNames({executables, sources, overrides = []}: Definition): string[] {
  const all = [executables, ...ofSources(sources)]
  for (const part of overrides) all.push(part.executables ?? {}, ...ofSources(part.sources ?? []))
  return [...new Set(all.flatMap(one => Object.keys(one)))]
}

function ofSources(sources: readonly SourceDefinition[]): Definition['executables'][] {
  return sources.map(source => ('executables' in source && source.executables) || {})
}
