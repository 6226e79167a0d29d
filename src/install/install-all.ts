import type {Context} from '../base/context.ts'
import {createNetwork} from '../fetch/network.ts'
import {type InstallOptions, type InstallRequest, type InstallResult, installAs} from './install.ts'

export interface InstallAllOptions extends InstallOptions {
  /** How many at a time. */
  jobs?: number
}

/**
 * Installs several versions side by side. All of them are brought to an end; then the failure of the
 * first that failed is thrown, in the order of the requests.
 * @throws UserError as `install`
 */
export async function installAll(
  context: Context,
  requests: readonly InstallRequest[],
  {jobs = 8, ...options}: InstallAllOptions = {},
): Promise<InstallResult[]> {
  const shared = {...options, network: options.network ?? createNetwork(context)}
  const results: PromiseSettledResult<InstallResult>[] = []
  const queue = requests.entries()
  const work = async () => {
    for (const [id, request] of queue) {
      const [result] = await Promise.allSettled([installAs(context, request, shared, id)])
      results[id] = result
    }
  }
  await Promise.all(Array.from({length: Math.min(jobs, requests.length)}, work))
  return results.map(result => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
