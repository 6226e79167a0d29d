import type {Context} from '../base/context.ts'
import type {Network} from '../fetch/network.ts'
import {about} from '../install/about.ts'
import type {Definition} from '../model/definition.ts'
import type {Pin} from '../pin/types.ts'
import {installable} from '../resolve/installable.ts'
import {resolveVersion} from '../resolve/version.ts'
import {openSource} from '../source/open.ts'
import type {VersionList} from '../source/types.ts'
import {maxSatisfying} from '../version/match.ts'
import {parseSpec} from '../version/spec.ts'

/** What a source offers now to somebody who pinned something. */
export interface Offered {
  /** The newest that satisfies the pin. */
  wanted: string
  /** The newest at all: what the source calls so, else its highest release. */
  latest: string
}

/**
 * Asks the source of a toolchain what it has for a pin.
 * @throws UserError NO_SUCH_VERSION, NOTHING_TO_INSTALL, NETWORK_*, PACKAGE_NOT_FOUND, INDEX_INVALID
 */
export async function offeredFor(
  context: Context,
  definition: Definition,
  pin: Pin,
  network: Network,
): Promise<Offered> {
  const {toolchain, origin} = pin
  const subject = {toolchain, version: installable(pin)?.text ?? '', origin}
  const source = openSource(context, definition, {network, refresh: true})
  const list = await about(context, subject, source.list)
  if (list.asOf !== undefined) context.log.info(asOfNote(toolchain, new Date(list.asOf)))
  const wanted = await resolveVersion(context, definition, pin, {list: async () => list})
  return {wanted, latest: latestOf(list) ?? wanted}
}

/** What is said where the network is switched off, and an old answer must do. */
export function asOfNote(toolchain: string, asOf: Date): string {
  return `offline: what there was of ${toolchain} on ${asOf.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function latestOf({versions, tags}: VersionList): string | undefined {
  const latest = parseSpec('latest')
  return latest.kind === 'problem' ? undefined : maxSatisfying(versions, latest, tags)
}
