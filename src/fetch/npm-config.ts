import {delimiter, dirname, isAbsolute, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, messageOf, UserError} from '../base/errors.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {noteProjectRegistries} from './project-npmrc.ts'

/** What npm's own configuration says about registries and the way to them. */
export interface NpmSettings {
  /** The registry of a package, by its scope, with a slash at the end. */
  registry(packageName: string): string
  /** The `authorization` header for a URL, if npm has credentials for that host and path. */
  authorization(url: URL): string | undefined
  /** PEM certificates to trust instead of the built-in ones. */
  ca: readonly string[] | undefined
  /** The file that those certificates should be in. */
  caFile: string | undefined
  strictSsl: boolean
  httpsProxy: string | undefined
  httpProxy: string | undefined
  noProxy: string | undefined
  offline: boolean
  /** The registry that npm asks unless told otherwise, with a slash at the end. */
  publicRegistry: string
  /** Which tarball hosts are replaced by the registry's: `never`, `always`, a host name or the URL of a registry. */
  replaceRegistryHost: string
}

/**
 * Reads npm's configuration: the user's `.npmrc`, the global file, `npm_config_*`. A project's `.npmrc` does not
 * count, since every project gets its versions from the one store; a registry that it sets is noted in the log.
 * @throws UserError NPM_CONFIG_INVALID
 */
export async function readNpmConfig(context: Context): Promise<NpmSettings> {
  const {flat, caFile, userFile, projectFile, publicRegistry} = await load(context)
  const replaced = text(flat.replaceRegistryHost) ?? publicRegistryWord
  const proxy = text(flat.proxy)
  warnOfUnset(flat, context)
  if (projectFile !== userFile) noteProjectRegistries(context, {projectFile, userFile, used: flat})
  return {
    registry: name =>
      withSlash(text(flat[`${scopeOf(name)}:registry`]) ?? text(flat.registry) ?? publicRegistry),
    authorization: url => authorizationFor(flat, url),
    ca: certificates(flat.ca),
    caFile,
    strictSsl: flat.strictSSL !== false,
    httpsProxy: text(flat.httpsProxy) ?? proxy,
    httpProxy: proxy,
    noProxy: text(flat.noProxy),
    offline: flat.offline === true,
    publicRegistry: withSlash(publicRegistry),
    replaceRegistryHost: replaced === publicRegistryWord ? new URL(publicRegistry).host : replaced,
  }
}

/** What npm's `replace-registry-host` calls the public registry, its default. */
const publicRegistryWord = 'npmjs'

type Flat = Readonly<Record<string, unknown>>

interface Loaded {
  flat: Flat
  caFile: string | undefined
  /** The registry that npm asks unless told otherwise. */
  publicRegistry: string
  userFile: string
  /** Where npm would look for a project's configuration. */
  projectFile: string
}

async function load({cwd, env, userHome}: Context): Promise<Loaded> {
  const [{default: Config}, {default: npm}] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ])
  const {definitions, shorthands, flatten, nerfDarts} = npm
  class WithoutProject extends Config {
    override async loadProjectConfig(): Promise<void> {
      await this.loadLocalPrefix()
    }
  }
  const config = new WithoutProject({
    definitions,
    shorthands,
    flatten,
    nerfDarts,
    ...whereNpmIs(env),
    // It writes into its environment and warns of keys it doesn't know: neither is for the person who asked us.
    env: {...env, HOME: userHome},
    argv: [],
    cwd,
    warn: false,
  })
  try {
    await config.load()
    const userFile = text(config.get('userconfig')) ?? join(userHome, '.npmrc')
    return {
      flat: config.flat,
      caFile: text(config.get('cafile')),
      publicRegistry: definitions.registry.default,
      userFile,
      projectFile: join(config.localPrefix, '.npmrc'),
    }
  } catch (error) {
    throw new UserError({
      code: 'NPM_CONFIG_INVALID',
      message: `npm's configuration can't be used: ${messageOf(error)}`,
      hint: 'npm config list',
      exitCode: Exit.badPin,
      cause: error,
    })
  }
}

/** npm leaves `${NAME}` as it stands where there is no such variable. */
function warnOfUnset(flat: Flat, {log}: Context): void {
  for (const [key, value] of Object.entries(flat)) {
    const name = typeof value === 'string' ? /\$\{([^{}]+)\}/.exec(value)?.[1] : undefined
    if (name !== undefined && isOurs(key))
      log.warning(`npm's ${key} is made of the variable ${name}, which is not set`)
  }
}

function isOurs(key: string): boolean {
  return /registry$|^\/\/|^(?:https?Proxy|proxy|noProxy)$/i.test(key)
}

/** npm's built-in and global files lie beside npm, so the `npm` that a person would run decides where they are. */
function whereNpmIs(env: Context['env']): {npmPath: string; execPath: string} {
  const program = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  for (const directory of (env.PATH ?? '').split(delimiter)) {
    // Others would lead into the working directory.
    const found = isAbsolute(directory) ? realPathIfAny(join(directory, program)) : undefined
    if (found === undefined) continue
    const npmPath =
      process.platform === 'win32' ? join(directory, 'node_modules', 'npm') : dirname(dirname(found))
    return {npmPath, execPath: join(directory, 'node')}
  }
  return {npmPath: dirname(process.execPath), execPath: process.execPath}
}

/** Credentials hang on a host and a path; the longest path that the URL lies below counts, as in npm. */
function authorizationFor(flat: Flat, {host, pathname}: URL): string | undefined {
  for (let path = `//${host}${pathname}`; path.length > 2; path = path.replace(/([^/]+|\/)$/, '')) {
    const at = (key: string) => text(flat[`${path}:${key}`])
    const token = at('_authToken')
    if (token !== undefined) return `Bearer ${token}`
    const [user, password] = [at('username'), at('_password')]
    if (user !== undefined && password !== undefined) {
      return `Basic ${base64(`${user}:${Buffer.from(password, 'base64').toString()}`)}`
    }
    const basic = at('_auth')
    if (basic !== undefined) return `Basic ${basic}`
  }
  return undefined
}

const base64 = (value: string) => Buffer.from(value).toString('base64')
const scopeOf = (name: string) => (name.startsWith('@') ? name.slice(0, name.indexOf('/')) : '')
const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`)
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

function certificates(ca: unknown): readonly string[] | undefined {
  const list = [ca].flat().filter(one => typeof one === 'string')
  return list.length === 0 ? undefined : list
}
