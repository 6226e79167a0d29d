import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {packageRoot} from './sandbox.ts'

/** The page of the protocol. */
export const protocolPage = readFileSync(join(packageRoot, 'docs/protocol.md'), 'utf8')

export interface ProtocolExample {
  /** The section that it is in. */
  direction: string
  message: {
    jsonrpc: string
    id?: number
    method?: string
    params?: object
    result?: unknown
    error?: {code: number}
  }
}

/** Every JSON block of the page with its direction, in the order of the page. */
export const protocolExamples: readonly ProtocolExample[] = protocolPage.split(/^## /m).flatMap(section => {
  const direction = section.slice(0, section.indexOf('\n'))
  return [...section.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = '']) => ({
    direction,
    message: JSON.parse(text),
  }))
})
