import {readdirSync, readFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {createSecureContext, getCACertificates, rootCertificates, type SecureContext} from 'node:tls'
import type {Context} from '../base/context.ts'
import {Exit, messageOf, UserError} from '../base/errors.ts'
import type {NpmSettings} from './npm-config.ts'

/**
 * Whom to trust: npm's certificates in place of Node's and the system's, as in npm; those that variables name come on top
 * of either.
 * @param system whether the system's count, which take a tenth of a second to read
 * @throws UserError CERTIFICATE_FILE_INVALID
 */
export function certificatesOf(
  env: Context['env'],
  npm: NpmSettings,
  system: boolean,
): {secureContext: SecureContext} {
  // npm passes over a file that is not there.
  if (npm.caFile !== undefined) read(npm.caFile, "npm's cafile")
  const named = (['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'] as const).flatMap(name => {
    const file = env[name]
    return file ? [read(file, name)] : []
  })
  const inFolders = (env.SSL_CERT_DIR ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .flatMap(readFolder)
  const builtIn = () => (system ? [...new Set([...rootCertificates, ...ofSystem()])] : rootCertificates)
  const ca = [...(npm.ca ?? builtIn()), ...named, ...inFolders]
  try {
    return {secureContext: createSecureContext({ca})}
  } catch (error) {
    throw invalid(messageOf(error), 'NODE_EXTRA_CA_CERTS, SSL_CERT_FILE or SSL_CERT_DIR', error)
  }
}

const isPem = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/

/** What the administrator of this machine trusts, such as a company's own authority. */
function ofSystem(): readonly string[] {
  try {
    return getCACertificates('system')
  } catch {
    // There is no store, or it can't be read.
    return []
  }
}

/** Folders hold one certificate a file, often by several names, and sometimes other things; one that is missing has none. */
function readFolder(folder: string): string[] {
  try {
    const texts = readdirSync(folder).flatMap(name => readIfCertificate(join(folder, name)))
    return [...new Set(texts)]
  } catch {
    return []
  }
}

function readIfCertificate(path: string): string[] {
  try {
    const text = readFileSync(path, 'utf8')
    return isPem.test(text) ? [text] : []
  } catch {
    return []
  }
}

function read(path: string, setBy: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw invalid(messageOf(error), setBy, error)
  }
  if (!isPem.test(text)) throw invalid(`${path} holds none in the form of PEM`, setBy)
  return text
}

function invalid(what: string, setBy: string, cause?: unknown): UserError {
  return new UserError({
    code: 'CERTIFICATE_FILE_INVALID',
    message: `the certificates can't be read: ${what} (set by ${setBy})`,
    hint: `name a file that is there, or unset ${setBy}`,
    exitCode: Exit.network,
    cause,
  })
}
