import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {sandbox} from './sandbox.ts'

/** The definitions that come with the package. */
export const builtin = await (async () => {
  await using box = sandbox()
  return loadDefinitions(box.context)
})()
