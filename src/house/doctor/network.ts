import {messageOf, UserError} from '../../base/errors.ts'
import {createNetwork} from '../../fetch/network.ts'
import type {Checked} from './checked.ts'
import {clockSkew} from './clock.ts'
import {type Finding, fine, problem} from './finding.ts'
import {quickly} from './quickly.ts'

/** Answers that say no, and prove that the way is open. */
const answered = ['NETWORK_NOT_FOUND', 'NETWORK_STATUS', 'NETWORK_FORBIDDEN']

/** Whether the registry answers: names, proxies and certificates. With it comes the time as others have it. */
export async function checkNetwork({context}: Checked): Promise<Finding[]> {
  const network = createNetwork(context, quickly)
  let registry: string
  try {
    if (await network.offline()) return [fine('network', 'the network was not checked: offline')]
    registry = (await network.npm()).registry('typescript')
  } catch (error) {
    return [
      fine('network', "the network was not checked: npm's configuration can't be read", messageOf(error)),
    ]
  }
  if (!URL.canParse(registry))
    return [fine('network', `the network was not checked: ${registry} is no address`)]
  const url = new URL(registry)
  try {
    const date = await network.get({url, document: true}, async ({headers, body}) => {
      body.destroy()
      return headers.date
    })
    const skew = clockSkew(date, Date.now(), url.host)
    return [fine('network', `the registry answers: ${url.host}`), ...(skew === undefined ? [] : [skew])]
  } catch (error) {
    if (error instanceof UserError && answered.includes(error.code))
      return [fine('network', `the registry answers: ${url.host}`)]
    const hint = error instanceof UserError ? error.hint : undefined
    return [
      problem('network', messageOf(error), 'Nothing can be installed.', hint ?? 'npm config get registry'),
    ]
  }
}
