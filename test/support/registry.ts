import {createHash, generateKeyPairSync, sign} from 'node:crypto'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {packageTarball} from './tarball.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A key that a registry signs with. */
export interface Signer {
  keyid: string
  sign(text: string): string
  /** As the registry's list of keys has it. */
  key: {keyid: string; keytype: string; scheme: string; key: string; expires: string | null}
}

export function createSigner(keyid: string, expires: string | null = null): Signer {
  const {publicKey, privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'})
  const key = publicKey.export({type: 'spki', format: 'der'}).toString('base64')
  const kind = 'ecdsa-sha2-nistp256'
  return {
    keyid,
    sign: text => sign('sha256', Buffer.from(text), privateKey).toString('base64'),
    key: {keyid, keytype: kind, scheme: kind, key, expires},
  }
}

/** What one version's document says beside the usual. */
export interface PublishOptions {
  integrity?: string
  shasum?: string
  /** Instead of the registry's own address of the tarball. */
  tarballUrl?: string
  /** Signs it as registries do. */
  signer?: Signer
  /** When it was published, in ISO form. */
  published?: string
}

/** A loopback npm registry that can be made to misbehave. */
export interface Registry extends AsyncDisposable {
  /** With a slash at the end. */
  url: string
  /** What makes npm's configuration name it. */
  env: {npm_config_registry: string}
  /** `GET /path`, one for each request, oldest first. */
  requests: string[]
  /** The headers of those requests. */
  headers: IncomingMessage['headers'][]
  /** Offers a version: files below `package/`, or a whole tarball. */
  publish(
    name: string,
    version: string,
    content: Record<string, string> | Buffer,
    options?: PublishOptions,
  ): void
  tag(name: string, tag: string, version: string): void
  /** What it says it signs with. */
  offerKeys(...signers: Signer[]): void
  /** Answers a path with a document, which has an ETag. */
  serve(path: string, content: string | Buffer): void
  /** Answers requests whose path is this, or begins with it if it ends in `*`, in another way. */
  on(path: string, handler: Handler): void
}

interface Package {
  name: string
  'dist-tags': Record<string, string>
  versions: Record<string, {name: string; version: string; dist: object}>
  time?: Record<string, string>
}

export async function startRegistry(): Promise<Registry> {
  const packages = new Map<string, Package>()
  const tarballs = new Map<string, Buffer>()
  const handlers = new Map<string, Handler>()
  const requests: string[] = []
  const headers: IncomingMessage['headers'][] = []

  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')
    requests.push(`${request.method} ${path}`)
    headers.push(request.headers)
    const special = [...handlers].find(([own]) =>
      own.endsWith('*') ? path.startsWith(own.slice(0, -1)) : own === path,
    )
    if (special) return special[1](request, response)
    const tarball = tarballs.get(path)
    if (tarball) return void response.setHeader('content-length', tarball.length).end(tarball)
    const document = packages.get(path.slice(1)) ?? versionDocument(packages, path)
    if (!document) return void response.writeHead(404).end('{"error":"not found"}')
    sendJson(request, response, document)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

  return {
    url,
    env: {npm_config_registry: url},
    requests,
    headers,
    publish(name, version, content, {integrity, shasum, tarballUrl, signer, published} = {}) {
      const bytes = Buffer.isBuffer(content) ? content : packageTarball(content)
      const path = `/${name}/-/${name.split('/').at(-1)}-${version}.tgz`
      tarballs.set(path, bytes)
      const digest = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
      const dist = {
        tarball: tarballUrl ?? new URL(path, url).href,
        ...(shasum === undefined ? {integrity: integrity ?? digest} : {shasum}),
        ...(signer && {
          signatures: [{keyid: signer.keyid, sig: signer.sign(`${name}@${version}:${integrity ?? digest}`)}],
        }),
      }
      const known = packages.get(name) ?? {name, 'dist-tags': {}, versions: {}}
      known.versions[version] = {name, version, dist}
      known['dist-tags'].latest = version
      if (published) known.time = {...known.time, [version]: published}
      packages.set(name, known)
    },
    tag(name, tag, version) {
      const known = packages.get(name)
      if (!known) throw new Error(`${name} is not published`)
      known['dist-tags'][tag] = version
    },
    offerKeys(...signers) {
      const text = JSON.stringify({keys: signers.map(({key}) => key)})
      handlers.set('/-/npm/v1/keys', (_, response) => response.end(text))
    },
    serve(path, content) {
      const etag = `"${createHash('sha1').update(content).digest('hex')}"`
      handlers.set(path, (request, response) => {
        if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
        response.writeHead(200, {etag}).end(content)
      })
    },
    on: (path, handler) => void handlers.set(path, handler),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
}

function versionDocument(packages: Map<string, Package>, path: string) {
  const [, name = '', version = ''] = /^\/((?:@[^/]+\/)?[^/]+)\/([^/]+)$/.exec(path) ?? []
  return packages.get(name)?.versions[version]
}

function sendJson(request: IncomingMessage, response: ServerResponse, document: unknown): void {
  const isShort = request.headers.accept?.includes('application/vnd.npm.install-v1+json')
  const text = JSON.stringify(isShort ? {...(document as object), time: undefined} : document)
  const etag = `"${createHash('sha1').update(text).digest('hex')}"`
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
  response.writeHead(200, {'content-type': 'application/json', etag}).end(text)
}
