import type {Context} from '../base/context.ts'
import type {Origin} from '../base/origin.ts'
import {isToolchainName} from '../toolchain/name.ts'
import type {DefaultToolchain} from '../toolchain/project-config.ts'
import {looksLikeSpec, parseSpec} from '../version/spec.ts'
import {pinError} from './parse.ts'
import type {Pin} from './types.ts'

/**
 * A pin from one argument of the command line: `5.9.3`, `esbuild@^0.28`, or `typescript`, which means its latest
 * version. Blanks belong to the spec, since the shell has taken the quotes. A default that comes with its origin is
 * blamed for its own name. `isVersion`: no toolchain is named.
 * @throws UserError PIN_* with exit code 2
 */
export function pinFromArgument(
  text: string,
  defaultToolchain: string | DefaultToolchain,
  {cwd}: Pick<Context, 'cwd'>,
  {isVersion = looksLikeSpec(text.trim())} = {},
): Pin {
  const origin: Origin = {kind: 'argument', text}
  const {toolchain = nameOf(defaultToolchain), version} = splitArgument(text, isVersion)
  if (!isToolchainName(toolchain)) {
    const message = `${JSON.stringify(toolchain)} is no name of a toolchain`
    const hint = 'write a version such as 5.9.3, or a toolchain and a version such as typescript@5.9.3'
    throw pinError({code: 'PIN_NAME_INVALID', message, hint}, origin, cwd)
  }
  const spec = parseSpec(version)
  if (spec.kind === 'problem') {
    const code = spec.reason === 'unsafe' ? 'PIN_VERSION_UNSAFE' : 'PIN_SPEC_INVALID'
    const message = `the version ${JSON.stringify(version)} ${spec.message}`
    throw pinError({code, message, hint: spec.hint}, origin, cwd)
  }
  return {
    toolchain,
    specs: [spec],
    origin,
    ...(isVersion && nameOrigin(defaultToolchain)),
    baseDirectory: cwd,
  }
}

const nameOf = (named: string | DefaultToolchain) => (typeof named === 'string' ? named : named.name)

function nameOrigin(named: string | DefaultToolchain): Pick<Pin, 'nameOrigin'> {
  return typeof named === 'string' ? {} : {nameOrigin: named.origin}
}

/** Without a name it speaks of the default toolchain. */
function splitArgument(text: string, isVersion: boolean): {toolchain?: string; version: string} {
  const trimmed = text.trim()
  if (isVersion) return {version: trimmed}
  const at = trimmed.indexOf('@')
  if (at < 0) return {toolchain: trimmed, version: 'latest'}
  return {toolchain: trimmed.slice(0, at), version: trimmed.slice(at + 1).trim()}
}
