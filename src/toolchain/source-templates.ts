import type {ExecutableDefinition, SignatureDefinition, SourceDefinition} from '../model/source-definition.ts'

/** Fills the templates of one text; `later`: names that may stay as they are, since only the source knows them. */
export type Fill = (text: string, field: string, later?: readonly string[]) => string

/** What a source knows once it was asked: the version, what it is called there, the archive's name and address. */
const sourcesOwn = ['version', 'name', 'file', 'url'] as const

/**
 * A source of a definition with what is known of platform and version filled in.
 * @throws UserError DEFINITION_INVALID
 */
export function fillSource(source: SourceDefinition, fill: Fill): SourceDefinition {
  switch (source.kind) {
    case 'npm': {
      const {package: name, artifact} = source
      return {
        ...source,
        package: fill(name, 'sources.package'),
        ...(artifact === undefined ? {} : {artifact: fill(artifact, 'sources.artifact')}),
      }
    }
    case 'directory':
      return {kind: 'directory', path: fill(source.path, 'sources.path')}
    case 'index':
      return {
        ...source,
        ...fillArchives(source, fill),
        artifact: fillAll(source.artifact, fill, 'sources.artifact'),
      }
    case 'github': {
      const {asset, digest} = source
      return {
        ...source,
        ...fillArchives(source, fill),
        asset: fill(asset, 'sources.asset', sourcesOwn),
        ...(digest !== undefined && {digest: fillAll(digest, fill, 'sources.digest')}),
      }
    }
  }
}

interface Archives {
  signature?: SignatureDefinition | undefined
  executables?: Record<string, ExecutableDefinition> | undefined
}

function fillArchives({signature, executables}: Archives, fill: Fill): Archives {
  return {
    ...(signature && {signature: fillAll(signature, fill, 'sources.signature')}),
    ...(executables && {executables: fillExecutables(executables, fill, 'sources.executables')}),
  }
}

/** The paths of executables, filled in. */
export function fillExecutables(
  executables: Record<string, ExecutableDefinition>,
  fill: Fill,
  field = 'executables',
): Record<string, ExecutableDefinition> {
  return Object.fromEntries(
    Object.entries(executables).map(([name, executable]) => [
      name,
      {...executable, path: fill(executable.path, `${field}.${name}.path`)},
    ]),
  )
}

/** Every text in a value. */
function fillAll<T>(value: T, fill: Fill, field: string): T {
  if (typeof value === 'string') return fill(value, field, sourcesOwn) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, fillAll(one, fill, `${field}.${key}`)]),
  ) as T
}
