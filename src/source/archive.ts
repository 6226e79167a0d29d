import {formatOf} from '../archive/format.ts'
import {Exit, UserError} from '../base/errors.ts'
import {isSafeAddress} from '../base/safe-address.ts'
import type {GithubSourceDefinition, IndexSourceDefinition} from '../model/source-definition.ts'
import type {Around} from './around.ts'
import {indexInvalid} from './errors.ts'
import {firstIntegrity} from './first-integrity.ts'
import {fill} from './placeholders.ts'
import type {Artifact} from './types.ts'

/** What a source found out about one archive. */
export interface Found {
  definition: Pick<IndexSourceDefinition | GithubSourceDefinition, 'strip' | 'signature' | 'executables'>
  /** In words. */
  source: string
  version: string
  /** Of the archive; may be relative to `base`. */
  address: string
  base: URL
  values: Readonly<Record<string, string>>
  /** The archive's name; by default the last part of its address. */
  file?: string | undefined
  size?: number | undefined
  /** Its digest; undefined where the definition says that there is none. */
  integrity(values: Values): Promise<string | undefined>
}

type Values = Readonly<Record<string, string>> & {file: string; url: string}

/**
 * The artifact that a source has found.
 * @throws UserError SIGNATURE_MISSING where one is required; INDEX_INVALID for an address that is none, or not safe; ARCHIVE_UNSUPPORTED for a format that can't be unpacked
 */
export async function artifactFrom(around: Around, found: Found): Promise<Artifact> {
  const {definition, source, address, base, size} = found
  const {strip, signature, executables} = definition
  checkPolicy(around, found)
  if (!URL.canParse(address, base)) throw indexInvalid(base, `${address} is no address`)
  const url = new URL(address, base)
  if (!isSafeAddress(url.href)) throw indexInvalid(base, `its archive is at no https address: ${url}`)
  const file = found.file ?? lastPart(url)
  const format = formatOf(file)
  if (format === undefined) throw unsupported(file, url)
  const values = {...found.values, file, url: url.href}
  const integrity = (await found.integrity(values)) ?? (await firstIntegrity(around, url))
  return {
    url: url.href,
    portableUrl: url.href,
    integrity,
    ...(size !== undefined && {size}),
    format,
    strip: strip ?? (format.startsWith('executable') ? 0 : 1),
    source,
    ...(executables && {executables}),
    ...(signature && {
      signature:
        'unsupported' in signature
          ? signature
          : {
              minisign: {
                publicKey: signature.minisign.publicKey,
                url: new URL(fill(signature.minisign.url, values), base).href,
                file,
              },
            },
    }),
  }
}

/** Who asked for signatures gets nothing that has none which can be verified here. */
function checkPolicy({context, toolchain}: Around, {definition: {signature}, version, source}: Found): void {
  if (context.network().verify !== 'required' || (signature && 'minisign' in signature)) return
  const why = signature
    ? `those of ${signature.unsupported} are not verified here`
    : 'its definition names none'
  throw new UserError({
    code: 'SIGNATURE_MISSING',
    message: `${toolchain} ${version} is not taken from ${source}, since a signature is required: ${why} (set by ${context.layout.config})`,
    hint: 'go without: tool config set verify available',
    exitCode: Exit.integrity,
  })
}

function lastPart({pathname}: URL): string {
  const last = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

function unsupported(file: string, url: URL): UserError {
  return new UserError({
    code: 'ARCHIVE_UNSUPPORTED',
    message: `${file} is in no format that can be unpacked: ${url}`,
    hint: 'name another file in the definition: .tar.gz, .tar.xz, .tar.zst, .zip, or a program alone',
    exitCode: Exit.badPin,
  })
}
