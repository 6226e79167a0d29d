import {once} from 'node:events'
import type {AddressInfo} from 'node:net'
import {createServer} from 'node:net'
import {join} from 'node:path'
import type {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import {pathToFileURL} from 'node:url'
import {describe, expect, test} from 'vitest'
import {getJson} from '../../src/fetch/json.ts'
import {createNetwork, type Network} from '../../src/fetch/network.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'

/** Fast enough for tests: three retries at once, half a second of silence. */
const impatient = {retryDelays: [1, 1, 1], timeouts: {idle: 500}}

const getText = (network: Network, url: string) => network.get({url: new URL(url)}, ({body}) => text(body))

describe('what comes', () => {
  test('bodies, over connections that are kept', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const ports = new Set<number | undefined>()
    registry.on('/hello', (request, response) => {
      ports.add(request.socket.remotePort)
      response.end('hello')
    })
    const network = createNetwork(box.context)
    for (const _ of Array(9)) expect(await getText(network, `${registry.url}hello`)).toBe('hello')
    // The next request may be sent before the last one's connection counts as free.
    expect(ports.size).toBeLessThanOrEqual(2)
  })

  test('a local file, also offline', async () => {
    await using box = sandbox()
    const path = box.write('some file', 'local')
    const network = createNetwork(box.context, {offline: true})
    expect(await getText(network, pathToFileURL(path).href)).toBe('local')
    await expect(getText(network, pathToFileURL(join(box.project, 'none')).href)).rejects.toMatchObject({
      code: 'NETWORK_NOT_FOUND',
    })
  })

  test('a local file is closed, also where its reader gives up', async () => {
    await using box = sandbox()
    const url = pathToFileURL(box.write('some file', 'local'))
    let body: Readable | undefined
    const get = createNetwork(box.context).get({url}, async answer => {
      body = answer.body
      throw new Error('enough')
    })
    await expect(get).rejects.toThrow('enough')
    if (body && !body.closed) await once(body, 'close')
    expect(body?.destroyed).toBe(true)
  })

  test('redirects are followed, up to a limit', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/from', (_, response) => response.writeHead(302, {location: '/to'}).end('moved'))
    registry.on('/to', (_, response) => response.end('there'))
    registry.on('/circle', (_, response) => response.writeHead(307, {location: '/circle'}).end())
    const network = createNetwork(box.context, impatient)
    expect(await getText(network, `${registry.url}from`)).toBe('there')
    await expect(getText(network, `${registry.url}circle`)).rejects.toMatchObject({code: 'NETWORK_REDIRECT'})
  })

  test('a busy server is asked again, and so is one that breaks off', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const answers = [
      (r: import('node:http').ServerResponse) => r.writeHead(503).end(),
      (r: import('node:http').ServerResponse) => r.writeHead(429).end(),
      (r: import('node:http').ServerResponse) => {
        r.writeHead(200, {'content-length': 100}).write('half')
        setImmediate(() => r.destroy())
      },
      (r: import('node:http').ServerResponse) => r.end('whole'),
    ]
    registry.on('/flaky', (_, response) => answers.shift()?.(response))
    expect(await getText(createNetwork(box.context, impatient), `${registry.url}flaky`)).toBe('whole')
    expect(registry.requests).toHaveLength(4)
  })
})

describe('what fails', () => {
  const statuses: [status: number, code: string, requests: number][] = [
    [404, 'NETWORK_NOT_FOUND', 1],
    [401, 'NETWORK_FORBIDDEN', 1],
    [403, 'NETWORK_FORBIDDEN', 1],
    [418, 'NETWORK_STATUS', 1],
    [500, 'NETWORK_UNAVAILABLE', 4],
    [429, 'NETWORK_UNAVAILABLE', 4],
  ]
  test.each(statuses)('status %i is %s after %i requests', async (status, code, requests) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/x', (_, response) => response.writeHead(status).end('no'))
    await expect(getText(createNetwork(box.context, impatient), `${registry.url}x`)).rejects.toMatchObject({
      code,
      exitCode: 5,
      message: expect.stringContaining(`${registry.url}x`),
    })
    expect(registry.requests).toHaveLength(requests)
  })

  test.each([
    [404, /the definition, or of npm/],
    [403, /\.netrc, or give npm a token/],
  ])('the advice for %i is for servers of definitions, too', async (status, hint) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/x', (_, response) => response.writeHead(status).end('no'))
    const failing = getText(createNetwork(box.context), `${registry.url}x`)
    await expect(failing).rejects.toMatchObject({hint: expect.stringMatching(hint)})
  })

  test('half a body', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/half', (_, response) => {
      response.writeHead(200, {'content-length': 100}).write('half')
      setImmediate(() => response.destroy())
    })
    await expect(getText(createNetwork(box.context, impatient), `${registry.url}half`)).rejects.toMatchObject(
      {
        code: 'NETWORK_BROKEN',
        exitCode: 5,
      },
    )
  })

  test.each([
    ['before the answer', () => {}],
    [
      'inside the answer',
      (r: import('node:http').ServerResponse) => r.writeHead(200, {'content-length': 9}).write('x'),
    ],
  ])('silence %s is waited for once', async (_when, answer) => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/silent', (_, response) => void answer(response))
    const network = createNetwork(box.context, {retryDelays: [1, 1], timeouts: {idle: 300}})
    await expect(getText(network, `${registry.url}silent`)).rejects.toMatchObject({
      code: 'NETWORK_TIMEOUT',
      message: expect.stringContaining('sent nothing for 0.3 s'),
    })
    expect(registry.requests).toEqual(['GET /silent'])
  })

  test('a transfer that takes too long as a whole', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/drip', (_, response) => {
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const network = createNetwork(box.context, {retryDelays: [], timeouts: {total: 200}})
    await expect(getText(network, `${registry.url}drip`)).rejects.toMatchObject({code: 'NETWORK_TIMEOUT'})
  })

  test('a document has less time than an archive', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/drip', (_, response) => {
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
    })
    const network = createNetwork(box.context, {retryDelays: [], timeouts: {document: 200}})
    await expect(getJson(network, new URL(`${registry.url}drip`))).rejects.toMatchObject({
      code: 'NETWORK_TIMEOUT',
      message: expect.stringContaining('had not come within 0.2 s'),
    })
  })

  test('a body that trickles', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/drip', (_, response) => {
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const network = createNetwork(box.context, {retryDelays: [], timeouts: {pace: 200}})
    await expect(getText(network, `${registry.url}drip`)).rejects.toMatchObject({
      code: 'NETWORK_TIMEOUT',
      message: expect.stringContaining('sent less than 1 KiB a second for 0.2 s'),
    })
  })

  test('but not one that is slow and comes', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/stream', (_, response) => {
      let left = 50
      const stream = setInterval(() => {
        left -= 1
        response.write('.'.repeat(1000))
        if (left === 0) response.end()
      }, 20)
      response.on('close', () => clearInterval(stream))
    })
    const network = createNetwork(box.context, {retryDelays: [], timeouts: {pace: 500}})
    expect(await getText(network, `${registry.url}stream`)).toHaveLength(50_000)
  })

  test('a retry is told of once, the others only to who wants to know all', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/x', (_, response) => response.writeHead(500).end())
    await getText(createNetwork(box.context, impatient), `${registry.url}x`).catch(() => {})
    expect(box.logged).toEqual([
      expect.stringMatching(/^info: .*answers 500.*; trying again$/),
      expect.stringMatching(/^debug: .*; trying again$/),
      expect.stringMatching(/^debug: .*; trying again$/),
    ])
  })

  test('nobody there', async () => {
    await using box = sandbox()
    const server = createServer()
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    const {port} = server.address() as AddressInfo
    await new Promise(closed => server.close(closed))
    await expect(
      getText(createNetwork(box.context, impatient), `http://127.0.0.1:${port}/`),
    ).rejects.toMatchObject({code: 'NETWORK_REFUSED', exitCode: 5})
  })

  test('an unknown name', async () => {
    await using box = sandbox()
    await expect(
      getText(createNetwork(box.context, impatient), 'http://no-such-host.invalid/'),
    ).rejects.toMatchObject({code: 'NETWORK_DNS', exitCode: 5})
  })

  test('something that is no HTTP', async () => {
    await using box = sandbox()
    const server = createServer(socket => socket.end('220 mail.example ready\r\n'))
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    const {port} = server.address() as AddressInfo
    await expect(
      getText(createNetwork(box.context, impatient), `http://127.0.0.1:${port}/`),
    ).rejects.toMatchObject({code: 'NETWORK_GARBLED', exitCode: 5})
    server.close()
  })

  test('a redirect to an insecure address, and to none', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const network = createNetwork(box.context, impatient)
    for (const location of ['ftp://127.0.0.1/x', 'file:///etc/passwd', 'http://']) {
      registry.on('/away', (_, response) => response.writeHead(302, {location}).end())
      await expect(getText(network, `${registry.url}away`)).rejects.toMatchObject({code: 'NETWORK_REDIRECT'})
    }
  })

  test('offline: by option, by variable, by npm', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const networks = [
      createNetwork(box.context, {offline: true}),
      createNetwork(box.at({env: {TOOL_OFFLINE: '1'}})),
      createNetwork(box.at({env: {npm_config_offline: 'true'}})),
    ]
    for (const network of networks) {
      await expect(getText(network, registry.url)).rejects.toMatchObject({
        code: 'NETWORK_OFFLINE',
        exitCode: 5,
      })
    }
    expect(registry.requests).toEqual([])
  })

  test('what the reader throws passes through and is not tried again', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/x', (_, response) => response.end('x'))
    const get = createNetwork(box.context, impatient).get({url: new URL(`${registry.url}x`)}, async () => {
      throw new TypeError('a bug of ours')
    })
    await expect(get).rejects.toThrow(TypeError)
    expect(registry.requests).toHaveLength(1)
  })

  test('an abort ends the transfer, and the waiting for the next try, with its reason', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const controller = new AbortController()
    const request = {url: new URL(`${registry.url}x`), signal: controller.signal}
    registry.on('/x', (_, response) => {
      response.writeHead(500).end()
      setImmediate(() => controller.abort(new Error('enough')))
    })
    const network = createNetwork(box.context, {retryDelays: [60_000]})
    await expect(network.get(request, ({body}) => text(body))).rejects.toThrow('enough')
  })
})

describe('credentials', () => {
  test("npm's token goes to its host and path only, never along a redirect", async () => {
    await using registry = await startRegistry()
    await using elsewhere = await startRegistry()
    await using box = sandbox()
    const host = new URL(registry.url).host
    box.write('../.npmrc', `//${host}/private/:_authToken=s3cret\n`)
    registry.on('/private/x', (_, response) =>
      response.writeHead(302, {location: `${elsewhere.url}private/x`}).end(),
    )
    registry.on('/public', (_, response) => response.end('public'))
    elsewhere.on('/private/x', (_, response) => response.end('x'))
    const network = createNetwork(box.context)
    await getText(network, `${registry.url}private/x`)
    await getText(network, `${registry.url}public`)
    expect(registry.headers.map(({authorization}) => authorization)).toEqual(['Bearer s3cret', undefined])
    expect(elsewhere.headers.map(({authorization}) => authorization)).toEqual([undefined])
  })

  test('those in a URL are sent, and shown to nobody', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    const url = registry.url.replace('//', '//me:pa%20ss@')
    const failure = await getText(createNetwork(box.context), `${url}none`).catch(error => error)
    expect(registry.headers[0]?.authorization).toBe(`Basic ${Buffer.from('me:pa ss').toString('base64')}`)
    expect(failure).toMatchObject({code: 'NETWORK_NOT_FOUND'})
    expect(failure.message).not.toContain('pa%20ss')
  })

  test('in a URL a percent sign may stand for itself', async () => {
    await using registry = await startRegistry()
    await using box = sandbox()
    registry.on('/x', (_, response) => response.end('x'))
    await getText(createNetwork(box.context), `${registry.url.replace('//', '//me:100%@')}x`)
    expect(registry.headers[0]?.authorization).toBe(`Basic ${Buffer.from('me:100%').toString('base64')}`)
  })
})

describe('netrc', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const machine = 'machine 127.0.0.1 login me password s3cret\n'

  async function sent(netrc: string, env: Record<string, string> = {}, npmrc = '') {
    await using registry = await startRegistry()
    await using box = sandbox()
    box.write('../.netrc', netrc)
    box.write('../.npmrc', npmrc.replaceAll('{host}', new URL(registry.url).host))
    registry.on('/x', (_, response) => response.end('x'))
    await getText(createNetwork(box.at({env})), `${registry.url}x`)
    return registry.headers[0]?.authorization
  }

  test.each([
    ['on one line', machine],
    ['on several', 'machine 127.0.0.1\r\n\tlogin me\r\n\tpassword s3cret\r\n'],
    ['behind others', `machine a.example login you password x\ndefault login anonymous\n${machine}`],
    ['in quotes', 'machine "127.0.0.1" login "me" account x password "s3cr\\et"'],
    ['behind a macro', `macdef init\n machine 127.0.0.1 login wrong\n\n${machine}`],
    ['behind a remark', `# machine 127.0.0.1 login wrong\n\uFEFF\n${machine}`],
  ])('a name and a password %s', async (_how, text) => {
    expect(await sent(text)).toBe(basic('me:s3cret'))
  })

  test.each([
    ['of another host', 'machine 127.0.0.10 login me password s3cret'],
    ['for any host', 'default login anonymous password me@example'],
    ['without a name', 'machine 127.0.0.1 password s3cret'],
    ['without a value', 'machine 127.0.0.1 login'],
    ['that is nothing', '\0\u0001 machine'],
  ])('one %s counts for nothing', async (_what, text) => {
    expect(await sent(text)).toBe(text.endsWith('login') ? basic(':') : undefined)
  })

  test('NETRC names another file; one that is not there, or is a folder, is none', async () => {
    await using box = sandbox()
    const elsewhere = box.write('elsewhere', 'machine 127.0.0.1 login other password x')
    expect(await sent(machine, {NETRC: elsewhere})).toBe(basic('other:x'))
    expect(await sent(machine, {NETRC: ''})).toBe(basic('me:s3cret'))
    expect(await sent(machine, {NETRC: join(box.root, 'none')})).toBeUndefined()
    expect(await sent(machine, {NETRC: box.root})).toBeUndefined()
  })

  test("npm's token goes before it", async () => {
    expect(await sent(machine, {}, '//{host}/:_authToken=npms\n')).toBe('Bearer npms')
  })

  test('another port of the same host gets nothing by a redirect', async () => {
    await using registry = await startRegistry()
    await using elsewhere = await startRegistry()
    await using box = sandbox()
    box.write('../.netrc', machine)
    registry.on('/x', (_, response) => response.writeHead(302, {location: `${elsewhere.url}x`}).end())
    registry.on('/y', (_, response) => response.writeHead(302, {location: '/z'}).end())
    registry.on('/z', (_, response) => response.end('z'))
    elsewhere.on('/x', (_, response) => response.end('x'))
    const network = createNetwork(box.context)
    await getText(network, `${registry.url}x`)
    await getText(network, `${registry.url}y`)
    const all = [...registry.headers, ...elsewhere.headers].map(({authorization}) => authorization)
    expect(all).toEqual([...Array(3).fill(basic('me:s3cret')), undefined])
  })
})

describe('proxies', () => {
  test.each(['ALL_PROXY', 'all_proxy', 'http_proxy'])('%s is asked', async name => {
    await using proxy = await startRegistry()
    await using box = sandbox()
    proxy.on('*', (_, response) => response.end('by proxy'))
    const network = createNetwork(box.at({env: {[name]: proxy.url, HTTP_PROXY: ''}}))
    expect(await getText(network, 'http://packages.invalid/x')).toBe('by proxy')
  })

  test('one without a protocol speaks HTTP', async () => {
    await using proxy = await startRegistry()
    await using box = sandbox()
    proxy.on('*', (_, response) => response.end('by proxy'))
    const network = createNetwork(box.at({env: {HTTP_PROXY: new URL(proxy.url).host}}))
    expect(await getText(network, 'http://packages.invalid/x')).toBe('by proxy')
  })

  test('one that speaks SOCKS is refused', async () => {
    await using box = sandbox()
    const network = createNetwork(box.at({env: {ALL_PROXY: 'socks5://127.0.0.1:1'}}), impatient)
    await expect(getText(network, 'http://packages.invalid/x')).rejects.toMatchObject({
      code: 'PROXY_INVALID',
      message: expect.stringContaining('it is no HTTP proxy'),
    })
  })

  test('name and password are for the proxy alone', async () => {
    await using proxy = await startRegistry()
    await using box = sandbox()
    proxy.on('*', (_, response) => response.end('by proxy'))
    const url = proxy.url.replace('//', '//me:s3%20cret@')
    await getText(createNetwork(box.at({env: {HTTP_PROXY: url}})), 'http://packages.invalid/x')
    expect(proxy.headers[0]?.['proxy-authorization']).toBe(
      `Basic ${Buffer.from('me:s3 cret').toString('base64')}`,
    )
    expect(proxy.headers[0]?.authorization).toBeUndefined()
  })

  test('one that wants a password says so', async () => {
    await using proxy = await startRegistry()
    await using box = sandbox()
    proxy.on('*', (_, response) => response.writeHead(407).end())
    const network = createNetwork(box.at({env: {HTTP_PROXY: proxy.url}}), impatient)
    await expect(getText(network, 'http://packages.invalid/x')).rejects.toMatchObject({
      code: 'NETWORK_PROXY',
      exitCode: 5,
    })
  })

  test('HTTP_PROXY is asked, but not for NO_PROXY', async () => {
    await using proxy = await startRegistry()
    await using registry = await startRegistry()
    await using box = sandbox()
    proxy.on('*', (request, response) => response.end(`by proxy: ${request.url}`))
    registry.on('/x', (_, response) => response.end('direct'))
    const by = createNetwork(box.at({env: {HTTP_PROXY: proxy.url}}))
    expect(await getText(by, 'http://packages.invalid/x')).toBe('by proxy: http://packages.invalid/x')
    const not = createNetwork(box.at({env: {HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1'}}))
    expect(await getText(not, `${registry.url}x`)).toBe('direct')
  })

  test("npm's proxy comes first", async () => {
    await using proxy = await startRegistry()
    await using box = sandbox()
    proxy.on('*', (_, response) => response.end('by npm'))
    box.write('../.npmrc', `proxy=${proxy.url}\n`)
    const network = createNetwork(box.at({env: {HTTP_PROXY: 'http://127.0.0.1:1'}}))
    expect(await getText(network, 'http://packages.invalid/x')).toBe('by npm')
  })

  test.each([
    ['http:', 'http://me:s3cret@127.0.0.1:1/'],
    ['https:', 'http://me:s3cret@127.0.0.1:1/'],
    ['https:', 'http://me:s3cret@localhost:1/'],
    ['https:', 'http://me:s3cret@no-such-proxy.invalid:8080/'],
  ])('one that is dead is named, on the way to %s by %s', async (protocol, proxy) => {
    await using box = sandbox()
    const network = createNetwork(box.at({env: {HTTPS_PROXY: proxy, HTTP_PROXY: proxy}}), impatient)
    const failure = await getText(network, `${protocol}//packages.invalid/x`).catch(error => error)
    expect(failure).toMatchObject({
      code: 'NETWORK_PROXY',
      exitCode: 5,
      message: expect.stringContaining(new URL(proxy).host),
    })
    expect(failure.message).not.toContain('s3cret')
  })

  test('a dead server is not blamed on the proxy that does not lead to it', async () => {
    await using box = sandbox()
    const env = {HTTP_PROXY: 'http://127.0.0.1:2/', NO_PROXY: '127.0.0.1'}
    const get = getText(createNetwork(box.at({env}), impatient), 'http://127.0.0.1:1/x')
    await expect(get).rejects.toMatchObject({code: 'NETWORK_REFUSED'})
  })

  test('credentials of a proxy that is no URL are not shown', async () => {
    await using box = sandbox()
    const network = createNetwork(box.at({env: {HTTPS_PROXY: 'http://me:pa/ss@proxy.example:8080'}}))
    const failure = await getText(network, 'https://packages.invalid/').catch(error => error)
    expect(failure.code).toBe('PROXY_INVALID')
    expect(failure.message).toContain('***@proxy.example:8080')
    expect(failure.message).not.toContain('pa/')
  })

  test('a proxy that is no URL is named', async () => {
    await using box = sandbox()
    const network = createNetwork(box.at({env: {HTTPS_PROXY: 'not a url'}}))
    await expect(getText(network, 'https://packages.invalid/')).rejects.toMatchObject({
      code: 'PROXY_INVALID',
      exitCode: 5,
    })
  })
})

test('a certificate file that is not there is named', async () => {
  await using box = sandbox()
  const network = createNetwork(box.at({env: {SSL_CERT_FILE: '/none.pem'}}))
  await expect(getText(network, 'https://packages.invalid/')).rejects.toMatchObject({
    code: 'CERTIFICATE_FILE_INVALID',
  })
})
