import {Exit, UserError} from '../base/errors.ts'
import {isDigest} from '../base/integrity.ts'
import {describeOrigin} from '../base/origin.ts'
import {isToolchainName} from '../toolchain/name.ts'
import {isVersionName} from '../version/name.ts'
import {parseSpec} from '../version/spec.ts'
import {isCheck} from './lock-check.ts'
import type {LockEntry, LockedArtifact, LockFile} from './lock-types.ts'
import {splitWords} from './words.ts'

/**
 * Reads the text of a lock file: a line `TOOLCHAIN SPEC VERSION CHECK` each, under it, indented, lines `PLATFORM INTEGRITY
 * SIZE URL`. Such a line may come again, with further platforms under it; words behind those known are passed over.
 * @param cwd messages name the file relative to it
 * @throws UserError LOCK_INVALID with the line
 */
export function parseLockText(text: string, path: string, cwd: string): LockFile {
  const entries = new Map<string, Growing>()
  let current: Growing | undefined
  const fail = (line: number, {message, hint}: Problem) => {
    throw lockInvalid(`${message} (${describeOrigin({kind: 'file', path, line}, cwd)})`, hint)
  }
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const [line, number] = [raw.replace(/\r$/, ''), index + 1]
    if (/^\s*(?:#|$)/.test(line)) continue
    if (isConflictMark(line)) fail(number, conflict(path))
    if (/^[ \t]/.test(line)) {
      const problem = current === undefined ? orphan : addArtifact(current, line)
      if (problem) fail(number, problem)
      continue
    }
    const head = parseHead(line)
    if ('message' in head) return fail(number, head)
    const key = `${head.toolchain} ${head.spec}`
    const known = entries.get(key)
    if (known && known.version !== head.version) fail(number, contradiction(known, head))
    if (known && head.check !== undefined) known.check ??= head.check
    current = known ?? {...head, artifacts: new Map(), line: number, text: {head: line, artifacts: []}}
    entries.set(key, current)
  }
  return {path, entries: [...entries.values()], end: /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'}
}

/** @param hint by default, to make it anew */
export function lockInvalid(
  message: string,
  hint = 'make it anew: remove it, then run tool lock',
): UserError {
  return new UserError({code: 'LOCK_INVALID', message, hint, exitCode: Exit.badPin})
}

interface Growing extends LockEntry {
  check?: string
  artifacts: Map<string, LockedArtifact>
  text: {head: string; artifacts: string[]}
}

interface Problem {
  message: string
  hint?: string
}

type Head = Pick<LockEntry, 'toolchain' | 'spec' | 'version' | 'check'>

function parseHead(line: string): Head | Problem {
  const words = splitWords(line)
  if ('problem' in words) return {message: words.problem}
  const [toolchain, spec, version, check = ''] = words.map(({plain, quoted}) =>
    quoted === undefined ? plain : plain + quoted,
  )
  if (toolchain === undefined || spec === undefined || version === undefined)
    return {message: 'a line of a lock file has a toolchain, a spec and a version'}
  if (!isToolchainName(toolchain)) return {message: `${JSON.stringify(toolchain)} is no name of a toolchain`}
  if (parseSpec(spec).kind === 'problem') return {message: `${JSON.stringify(spec)} is no version spec`}
  if (!isVersionName(version)) return {message: `${JSON.stringify(version)} is no exact version`}
  return {toolchain, spec, version, ...(isCheck(check) && {check})}
}

function addArtifact(entry: Growing, line: string): Problem | undefined {
  const [platform = '', integrity = '', size = '', url = ''] = line.trim().split(/[ \t]+/)
  if (url === '') return {message: 'a line of a platform has its name, a digest, a size and an address'}
  if (!/^[\w-]+$/.test(platform)) return {message: `${JSON.stringify(platform)} is no name of a platform`}
  if (!isDigest(integrity))
    return {message: `${JSON.stringify(integrity)} is no digest that can be checked, such as sha512-…`}
  if (!/^(?:-|\d{1,15})$/.test(size)) return {message: `${JSON.stringify(size)} is no size: bytes, or -`}
  if (entry.artifacts.has(platform))
    return {message: `${entry.toolchain} ${entry.spec} has ${platform} twice`}
  entry.artifacts.set(platform, {integrity, url, ...(size !== '-' && {size: Number(size)})})
  entry.text.artifacts.push(line)
  return undefined
}

const orphan: Problem = {
  message: 'a line of a platform belongs under one with a toolchain, a spec and a version',
}

function contradiction({toolchain, spec, version, line}: LockEntry, other: Head): Problem {
  return {message: `${toolchain} ${spec} is ${version} in line ${line}, and ${other.version} here`}
}

function isConflictMark(line: string): boolean {
  return /^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/.test(line)
}

function conflict(path: string): Problem {
  const name = path.replace(/^.*[/\\]/, '')
  return {
    message: 'here is a merge conflict that nobody has solved yet',
    hint: `take one side, then let tool lock add what is missing: git checkout --ours ${name} && tool lock`,
  }
}
