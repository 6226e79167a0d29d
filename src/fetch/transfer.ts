import {createReadStream} from 'node:fs'
import {open} from 'node:fs/promises'
import type {Readable} from 'node:stream'
import type {Context} from '../base/context.ts'
import type {UserError} from '../base/errors.ts'
import {isLoopback} from '../base/safe-address.ts'
import type {Credentials} from './credentials.ts'
import type {Dispatchers} from './dispatcher.ts'
import {networkError, notFound, offlineError, redirectError, statusError, tooSlow} from './errors.ts'
import type {NpmSettings} from './npm-config.ts'
import {createPace} from './pace.ts'
import {createPatience} from './patience.ts'
import {proxiesOf} from './proxies.ts'
import {rateLimitError} from './rate-limit.ts'
import type {Answer, Request, Timeouts} from './types.ts'

/** What a transfer works with. */
export interface Way {
  context: Context
  npm(): Promise<NpmSettings>
  credentials(): Promise<Credentials>
  offline(): Promise<boolean>
  dispatchers(): Promise<Dispatchers>
  /** Whether a redirect may lead from https to http. */
  insecureRedirects: boolean
  timeouts: Timeouts
}

const maxRedirects = 10

/** An answer that is being read. */
export interface Opened extends Disposable {
  answer: Answer
  /** What a failure to read it is called: the reason of the signal, a UserError NETWORK_*, or as it came. */
  named(error: unknown): Promise<unknown>
}

/** One try: asks, follows redirects, hands the answer on. */
export async function transfer<T>(
  way: Way,
  request: Request,
  read: (answer: Answer) => Promise<T>,
): Promise<T> {
  using opened = await openTransfer(way, request)
  try {
    return await read(opened.answer)
  } catch (error) {
    throw await opened.named(error)
  }
}

/** The same for those who read as they like. */
export async function openTransfer(way: Way, request: Request): Promise<Opened> {
  const given = request.signal ?? way.context.signal
  given.throwIfAborted()
  if (request.url.protocol === 'file:') {
    const answer = await openFile(request.url)
    return {answer, named: async error => error, [Symbol.dispose]: () => discard(answer.body)}
  }
  if (await way.offline()) throw offlineError(request.url)
  const {timeouts} = way
  using patience = createPatience(request, timeouts)
  const pace = createPace(timeouts, () => tooSlow(request.url, timeouts))
  const signal = AbortSignal.any([given, pace.signal, patience.signal, AbortSignal.timeout(timeouts.total)])
  const named = async (error: unknown) => {
    if (given.aborted) return given.reason
    if (pace.signal.aborted) return pace.signal.reason
    if (patience.signal.aborted) return patience.signal.reason
    return networkError(error, request.url, timeouts, proxiesOf(way.context, await way.npm()))
  }
  try {
    const answer = await follow(way, {...request, signal})
    pace.watch(answer.body)
    const dispose = () => {
      pace[Symbol.dispose]()
      discard(answer.body)
    }
    return {answer, named, [Symbol.dispose]: dispose}
  } catch (error) {
    pace[Symbol.dispose]()
    throw await named(error)
  }
}

async function openFile(url: URL): Promise<Answer> {
  const file = await open(url).catch(error => {
    throw notFound(error, url)
  })
  return {url, status: 200, headers: {}, body: createReadStream('', {fd: file, highWaterMark: 1 << 18})}
}

async function follow(way: Way, request: Request): Promise<Answer> {
  let url = request.url
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const {statusCode, headers, body} = await ask(way, {...request, url}, request.url)
    if (isAnswer(statusCode, request)) return {url, status: statusCode, headers: plain(headers), body}
    discard(body)
    const target = isRedirect(statusCode) ? plain(headers).location : undefined
    if (target === undefined) throw refusal(statusCode, plain(headers), url)
    url = next(url, target, way.insecureRedirects)
  }
  throw redirectError(request.url, `more than ${maxRedirects} redirects`)
}

function refusal(status: number, headers: Answer['headers'], url: URL): UserError {
  return rateLimitError(status, headers, url) ?? statusError(status, url, headers['retry-after'])
}

/** Credentials are looked up for each hop anew, so they never follow a redirect to another host. */
async function ask(
  {credentials, dispatchers}: Way,
  {url, headers, authorization: own, signal}: Request,
  first: URL,
) {
  const authorization = own?.origin === url.origin ? own.value : (await credentials())(url, first)
  const [agent, {default: send}] = await Promise.all([
    dispatchers().then(dispatcherOf => dispatcherOf(url)),
    import('undici/lib/api/api-request.js'),
  ])
  return send.call(agent, {
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'GET',
    headers: {'user-agent': 'toolversion', ...headers, ...(authorization !== undefined && {authorization})},
    signal: signal ?? null,
  })
}

/** A body that was not read to its end says that it was aborted, also where nobody waits for it. */
function discard(body: Readable): void {
  body.on('error', () => {})
  body.destroy()
}

function next(from: URL, location: string, insecure: boolean): URL {
  if (!URL.canParse(location, from)) throw redirectError(from, `a redirect to no URL: ${location}`)
  const to = new URL(location, from)
  const safe =
    to.protocol === 'https:' ||
    (to.protocol === 'http:' && (insecure || from.protocol === 'http:' || isLoopback(to)))
  if (!safe) throw redirectError(from, `a redirect to an insecure address: ${to}`)
  return to
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status)

function isAnswer(status: number, {headers = {}}: Request): boolean {
  if (status === 304) return 'if-none-match' in headers || 'if-modified-since' in headers
  // A range that is past the end is for the asker to understand.
  if (status === 206 || status === 416) return 'range' in headers
  return status === 200
}

function plain(headers: Readonly<Record<string, string | string[] | undefined>>): Answer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}
