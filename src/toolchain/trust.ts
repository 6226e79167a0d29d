import {readFileSync} from 'node:fs'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {shortPath} from '../base/origin.ts'
import {readOwnedText} from '../base/owned-text.ts'
import {realPathIfAny} from '../base/real-path.ts'

/** `changed`: the person trusted the file once, with other content. */
export type TrustState = 'trusted' | 'changed' | 'unknown'

/** Files by their real paths, each with the digest of the content that the person trusted. */
export type TrustedFiles = Readonly<Record<string, string>>

/** Projects trusted by one person, with a few files each. */
const maxBytes = 4 * 1024 * 1024

/** Whether the person trusted a file as it was when its digest was taken. Costs nothing where no file ever was. */
export function trustOf(context: Context, path: string, digest: () => string): TrustState {
  const {recorded} = recordOf(context, path)
  if (recorded === undefined) return 'unknown'
  return recorded === digest() ? 'trusted' : 'changed'
}

/** The text of a file that the person trusted, or why there is none. */
export type TrustedText = {state: 'trusted'; text: string} | {state: Exclude<TrustState, 'trusted'>}

/**
 * What a file says, if the person trusted exactly that. Who acts on this text acts on what was compared, also where the
 * file is changed a moment later. Costs nothing where no file was ever trusted.
 */
export function trustedText(context: Context, path: string): TrustedText {
  const {real, recorded} = recordOf(context, path)
  if (recorded === undefined) return {state: 'unknown'}
  const content = contentOf(real)
  if (content === undefined || digestOf(content) !== recorded) return {state: 'changed'}
  return {state: 'trusted', text: content.toString('utf8')}
}

/** Where a file really is, and the digest that is recorded of it, if the person ever trusted it. */
function recordOf(context: Context, path: string): {real: string; recorded: string | undefined} {
  const real = realPathIfAny(path) ?? path
  const trusted = trustedFiles(context)
  return {real, recorded: Object.hasOwn(trusted, real) ? trusted[real] : undefined}
}

/** What `trust.json` records; nothing where it is missing, another user's, or not to be made sense of. */
export function trustedFiles({layout, env, log}: Context): TrustedFiles {
  const read = readOwnedText(layout.trust, env, maxBytes)
  if (read === undefined) return {}
  try {
    if (!('text' in read)) throw new Error(read.problem)
    const {schema, files}: {schema?: unknown; files?: unknown} = JSON.parse(read.text)
    if (schema !== 1 || typeof files !== 'object' || files === null) throw new Error('unknown schema')
    return Object.fromEntries(
      Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch (error) {
    log.warning(`${layout.trust} is not read, so no project is trusted: ${String(error)}`)
    return {}
  }
}

/** The digest of a file's content; undefined where it can't be read. */
export function contentDigest(path: string): string | undefined {
  const content = contentOf(path)
  return content && digestOf(content)
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

/** The digest of what was read of a file. */
export function digestOf(content: string | Uint8Array): string {
  // Loaded here, since commands that are called all day seldom need a digest.
  const {createHash} = process.getBuiltinModule('node:crypto')
  return `sha256-${createHash('sha256').update(content).digest('base64')}`
}

/** What of a project's words is refused. */
interface Refused {
  code: 'PROJECT_NOT_TRUSTED' | 'PATH_PIN_UNTRUSTED'
  /** What would act, as the beginning of a sentence: `it may not …`. */
  what: string
  /** Who says so, as `describeOrigin` has it. */
  setBy: string
  path: string
  state: TrustState
}

/** Why something of a project does not act, and how to let it. */
export function notTrusted(
  {code, what, setBy, path, state}: Refused,
  {cwd}: Pick<Context, 'cwd'>,
): UserError {
  const changed = state === 'changed' ? `; ${shortPath(path, cwd)} changed since it was trusted` : ''
  return new UserError({
    code,
    message: `${what} (set by ${setBy})${changed}`,
    hint: 'look at what would act: tool trust --show; if you trust it: tool trust',
    exitCode: Exit.badPin,
  })
}
