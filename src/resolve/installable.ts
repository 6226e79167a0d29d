import type {Pin} from '../pin/types.ts'
import type {VersionSpec} from '../version/spec.ts'

/** The spec that is installed if nothing of a pin is there: the first that names versions. */
export function installable({specs}: Pin): VersionSpec | undefined {
  return specs.find(({kind}) => kind !== 'system' && kind !== 'path')
}
