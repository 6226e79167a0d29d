import {Exit, UserError} from '../base/errors.ts'
import {findCycle} from '../base/find-cycle.ts'

export interface Ordered {
  name: string
  /** Names of those that must be done before; names of none here are passed over. */
  after: readonly string[]
}

/**
 * Checks that what waits for each other can begin somewhere.
 * @throws UserError PROJECT_CONFIG_CYCLE, naming the toolchains of the circle
 */
export function checkOrder(all: readonly Ordered[], configPath: string): void {
  const byName = new Map(all.map(({name, after}) => [name, after]))
  const found = findCycle([...byName.keys()], name => byName.get(name) ?? [])
  if (found) throw cycle(found, configPath)
}

function cycle(path: readonly string[], configPath: string): UserError {
  const [first = '', second = ''] = path
  return new UserError({
    code: 'PROJECT_CONFIG_CYCLE',
    message: `the toolchains wait for each other: ${path.join(' after ')} (set by ${configPath})`,
    hint:
      first === second ? `take ${first} out of its own "after"` : `take ${second} out of "after" of ${first}`,
    exitCode: Exit.badPin,
  })
}
