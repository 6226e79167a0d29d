import type {Context} from '../base/context.ts'
import type {NetworkSettings} from '../base/network-settings.ts'
import {once} from '../base/once.ts'
import {createAttempts, withAttempts} from './attempts.ts'
import {credentialsOf} from './credentials.ts'
import {createDispatchers} from './dispatcher.ts'
import {type Beginning, type Download, download} from './download.ts'
import {mirrorsOf} from './mirrors.ts'
import {type NpmSettings, readNpmConfig} from './npm-config.ts'
import {rememberSilent} from './silent-hosts.ts'
import {transfer, type Way} from './transfer.ts'
import type {Answer, Request, Timeouts} from './types.ts'

export interface NetworkOptions {
  /** Nothing but local files is read. Also set by `TOOL_OFFLINE` and npm's `offline`. */
  offline?: boolean
  timeouts?: Partial<Timeouts>
  /** Ms to wait before each further try; their number is the number of retries. */
  retryDelays?: readonly number[]
}

interface DownloadRequest {
  /** `https:`, `http:` or `file:`. */
  url: URL
  /** What is there of it already. */
  beginning?: Beginning | undefined
  signal?: AbortSignal
}

/** The way to files, local or far: connections kept alive, proxies, certificates, credentials, retries. */
export interface Network {
  /** npm's configuration in the context's directory, read once. */
  npm(): Promise<NpmSettings>
  offline(): Promise<boolean>
  /**
   * Gets a URL and hands the answer to `read`. After a broken connection or from a busy server both are tried
   * again, `read` from the start; what else `read` throws passes through.
   * @throws UserError NETWORK_*; the signal's reason
   */
  get<T>(request: Request, read: (answer: Answer) => Promise<T>): Promise<T>
  /**
   * Gets a file whose bytes the reader checks as a whole: what breaks off goes on where it was, if it can.
   * @throws UserError NETWORK_*; the signal's reason
   */
  download<T>(request: DownloadRequest, read: (download: Download) => Promise<T>): Promise<T>
}

const defaultTimeouts: Timeouts = {
  connect: 15_000,
  idle: 30_000,
  brief: 5_000,
  total: 3_600_000,
  document: 300_000,
  pace: 60_000,
}
const defaultRetryDelays = [300, 1000, 3000]

/** The network as a context sees it. Nothing is loaded or read before the first question. */
export function createNetwork(context: Context, options: NetworkOptions = {}): Network {
  const settings = once(async () => context.network())
  const npm = once(() => readNpmConfig(context))
  const offline = async () => options.offline === true || context.offline || (await npm()).offline
  const credentials = once(async () => credentialsOf(context, await npm()))
  const limits = once(async () => ({
    ...defaultTimeouts,
    ...timeoutsOf(await settings()),
    ...options.timeouts,
  }))
  const dispatchers = once(async () => createDispatchers(context, await npm(), await limits()))
  const way = async (document: boolean): Promise<Way> => {
    const timeouts = await limits()
    const total = document ? Math.min(timeouts.document, timeouts.total) : timeouts.total
    const {insecureRedirects = false} = await settings()
    return {
      context,
      npm,
      credentials,
      offline,
      dispatchers,
      insecureRedirects,
      timeouts: {...timeouts, total},
    }
  }
  const attemptsAt = async ({
    url,
    signal = context.signal,
    brief,
  }: Pick<Request, 'url' | 'signal' | 'brief'>) =>
    createAttempts(
      {delays: brief ? [] : (options.retryDelays ?? defaultRetryDelays), signal, log: context.log},
      mirrorsOf(url, (await settings()).mirrors),
    )
  const silent = rememberSilent()
  const get: Network['get'] = async (request, read) => {
    const asked = await way(request.document === true)
    return withAttempts(await attemptsAt(request), url => transfer(asked, {...request, url}, read))
  }
  return {
    npm,
    offline,
    get: (request, read) =>
      request.brief ? silent(request.url, () => get(request, read)) : get(request, read),
    async download({url, beginning, signal = context.signal}, read) {
      return download(await way(false), await attemptsAt({url, signal}), {signal, beginning}, read)
    },
  }
}

/** As `config.json` sets them, in ms. */
function timeoutsOf({connectTimeout, idleTimeout, totalTimeout}: NetworkSettings): Partial<Timeouts> {
  return {
    ...(connectTimeout !== undefined && {connect: connectTimeout * 1000}),
    ...(idleTimeout !== undefined && {idle: idleTimeout * 1000}),
    ...(totalTimeout !== undefined && {total: totalTimeout * 1000}),
  }
}
