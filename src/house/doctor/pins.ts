import type {Context} from '../../base/context.ts'
import {Exit, messageOf, UserError} from '../../base/errors.ts'
import {describeOrigin} from '../../base/origin.ts'
import {quoteWord} from '../../base/quote-word.ts'
import {createNetwork} from '../../fetch/network.ts'
import {locateAll} from '../../install/available.ts'
import {currentPins} from '../../pin/find.ts'
import type {Pin} from '../../pin/types.ts'
import type {MissingVersion} from '../../resolve/missing.ts'
import {resolveVersion} from '../../resolve/version.ts'
import {openSource} from '../../source/open.ts'
import type {Definitions} from '../../toolchain/definitions.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, problem, warning} from './finding.ts'
import {quickly} from './quickly.ts'

/** Whether every pin that holds here can be followed. */
export async function checkPins({context, definitions}: Checked): Promise<Finding[]> {
  if (definitions === undefined) return [fine('pins', 'the pins were not checked: no definition can be read')]
  try {
    const pins = currentPins(context, definitions)
    if (pins.length === 0) return [fine('pins', 'nothing is pinned here')]
    const found = await Promise.all(pins.map(pin => checkPin(context, definitions, pin)))
    return found
  } catch (error) {
    return [mistake(error)]
  }
}

async function checkPin(context: Context, definitions: Definitions, pin: Pin): Promise<Finding> {
  const what = `${pin.toolchain} ${pin.specs.map(({text}) => text).join(' ')}`
  const origin = `set by ${describeOrigin(pin.origin, context.cwd)}`
  try {
    const [found] = await locateAll(context, definitions, [pin])
    if (found?.via !== 'missing') return fine('pins', `${what} is there`, origin)
    return await checkMissing(context, definitions, found, `${what} is not installed`, origin)
  } catch (error) {
    return mistake(error)
  }
}

/** What is not here may be had, or not. */
async function checkMissing(
  context: Context,
  definitions: Definitions,
  {pin, because, spec}: MissingVersion,
  title: string,
  origin: string,
): Promise<Finding> {
  if (because.kind !== 'not-there' && because.kind !== 'not-there-as-locked')
    return problem('pins', `${title}, and the lock file does not fit the pin`, origin, 'tool lock')
  if (await isOffline(context))
    return fine('pins', title, `${origin}; not checked whether there is such a version: offline`)
  const definition = definitions.get(pin.toolchain, pin.origin)
  try {
    const network = createNetwork(context, quickly)
    const version = await resolveVersion(context, definition, pin, openSource(context, definition, {network}))
    const word = quoteWord(`${definition.name}@${spec.text}`)
    const detail = `${origin}; ${version} is installed when it is used first`
    return because.kind === 'not-there'
      ? fine('pins', title, detail)
      : warning('pins', title, `${origin}; the lock names it`, `tool install ${word}`)
  } catch (error) {
    if (error instanceof UserError && error.exitCode === Exit.network)
      return fine('pins', title, `${origin}; not checked whether there is such a version: ${error.message}`)
    return mistake(error)
  }
}

async function isOffline(context: Context): Promise<boolean> {
  try {
    return await createNetwork(context).offline()
  } catch {
    // npm's configuration is wrong, which another check tells.
    return true
  }
}

function mistake(error: unknown): Finding {
  const hint = error instanceof UserError ? error.hint : undefined
  return problem('pins', messageOf(error), '', hint ?? 'tool current')
}
