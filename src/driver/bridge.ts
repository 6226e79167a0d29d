import {join} from 'node:path'
import type {WarmDefinition} from '../model/definition.ts'

/** The program of this package that runs a compiler's API, and speaks the protocol for it. */
export function bridgeScript(packageRoot: string, bridge: WarmDefinition['bridge']): string {
  return join(packageRoot, 'dist', 'bridges', `${bridge}.mjs`)
}
