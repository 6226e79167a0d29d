import type {Context} from '../base/context.ts'
import {openDispatcher} from './dispatcher.ts'
import {type NpmSettings, readNpmConfig} from './npm-config.ts'
import {once} from './once.ts'
import {withRetries} from './retry.ts'
import {rememberSilent} from './silent-hosts.ts'
import {transfer} from './transfer.ts'
import type {Answer, Request, Timeouts} from './types.ts'

export interface NetworkOptions {
  /** Nothing but local files is read. Also set by `TOOL_OFFLINE` and npm's `offline`. */
  offline?: boolean
  timeouts?: Partial<Timeouts>
  /** Ms to wait before each further try; their number is the number of retries. */
  retryDelays?: readonly number[]
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
  const timeouts = {...defaultTimeouts, ...options.timeouts}
  const npm = once(() => readNpmConfig(context))
  const offline = async () => options.offline === true || context.offline || (await npm()).offline
  const dispatcher = once(async () => openDispatcher(context, await npm(), timeouts))
  const silent = rememberSilent()
  const get: Network['get'] = (request, read) =>
    withRetries(
      {
        delays: request.brief ? [] : (options.retryDelays ?? defaultRetryDelays),
        signal: request.signal ?? context.signal,
        log: context.log,
      },
      () =>
        transfer({context, npm, offline, dispatcher, timeouts: limitsOf(request, timeouts)}, request, read),
    )
  return {
    npm,
    offline,
    get: (request, read) =>
      request.brief ? silent(request.url, () => get(request, read)) : get(request, read),
  }
}

function limitsOf({document}: Request, timeouts: Timeouts): Timeouts {
  return document ? {...timeouts, total: Math.min(timeouts.document, timeouts.total)} : timeouts
}
