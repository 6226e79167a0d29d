import type {LockEntry, LockedArtifact} from './lock-types.ts'

/**
 * What the line of an entry says of itself and of the archives below it: the first 16 hex digits of the SHA-256 of
 * toolchain, spec, version and their lines. A shim, for which those are too much to read, knows by it that a version in
 * the store is the one that is locked.
 */
export function checkOf({
  toolchain,
  spec,
  version,
  artifacts,
}: Pick<LockEntry, 'toolchain' | 'spec' | 'version' | 'artifacts'>): string {
  const lines = [JSON.stringify([toolchain, spec, version]), ...artifactLines(artifacts)]
  // Loaded here, since most commands that read a lock need no digest.
  const {createHash} = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16)
}

export function isCheck(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}

/** The lines of an entry's archives, sorted by the names of their platforms. */
export function artifactLines(artifacts: LockEntry['artifacts']): string[] {
  return [...artifacts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => artifactLine(name, one))
}

function artifactLine(platform: string, {integrity, size, url}: LockedArtifact): string {
  return `  ${platform} ${integrity} ${size ?? '-'} ${url}`
}
