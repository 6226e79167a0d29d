import {Exit, UserError} from '../base/errors.ts'
import {platformName} from '../base/platform.ts'
import {ofWhom} from '../fetch/errors.ts'
import type {Around} from './around.ts'

export function noSuchVersion({toolchain}: Around, version: string, source: string): UserError {
  return new UserError({
    code: 'NO_SUCH_VERSION',
    message: `there is no ${toolchain} ${version} (asked: ${source})`,
    hint: 'choose another version, or a range',
    exitCode: Exit.noSuchVersion,
  })
}

export function noArtifact({toolchain, context}: Around, version: string, source: string): UserError {
  return new UserError({
    code: 'NO_ARTIFACT_FOR_PLATFORM',
    message: `${toolchain} ${version} is not there for ${platformName(context.platform)} (asked: ${source})`,
    hint: 'choose another version',
    exitCode: Exit.noSuchVersion,
  })
}

/** The source offers other bytes than those that were locked. */
export function digestChanged(
  {toolchain, context}: Around,
  version: string,
  {locked, offered, source}: {locked: string; offered: string; source: string},
): UserError {
  return new UserError({
    code: 'INTEGRITY_MISMATCH',
    message: `the archive for ${platformName(context.platform)} is not the locked one: the lock says ${locked}, ${source} offers ${offered} for ${version}`,
    hint: `find out who changed it; if you trust what is offered now: tool lock --upgrade ${toolchain}`,
    exitCode: Exit.integrity,
  })
}

export function indexInvalid(url: URL, what: string, cause?: unknown): UserError {
  return new UserError({
    code: 'INDEX_INVALID',
    message: `${url} is not the index that it should be: ${what}`,
    hint: ofWhom,
    exitCode: Exit.network,
    cause,
  })
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof UserError && codes.includes(error.code)
}
