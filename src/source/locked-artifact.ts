import {isSameIntegrity} from '../base/integrity.ts'
import type {Around} from './around.ts'
import {digestChanged} from './errors.ts'
import type {Artifact, LockedArtifact, Promised} from './types.ts'

/**
 * What a lock promises, as a source has it that offers one archive for a version: its digest is the lock's. A source that
 * offers it under another kind of digest and another address may be the wrong one of several.
 * @throws UserError INTEGRITY_MISMATCH where it offers other bytes, and those of `offer`
 */
export async function lockedArtifact(
  around: Around,
  version: string,
  {integrity, url}: Promised,
  source: string,
  offer: () => Promise<Artifact>,
): Promise<LockedArtifact> {
  const offered = await offer()
  const same = isSameIntegrity(offered.integrity, integrity)
  if (same === false)
    throw digestChanged(around, version, {locked: integrity, offered: offered.integrity, source})
  const artifact = {
    ...offered,
    integrity,
    // Neither tells anything of the other: a signature is of the source's, and a project chose the lock's.
    ...(same === undefined && {offered: offered.integrity}),
  }
  return {artifact, certain: same === true || url === offered.portableUrl}
}
