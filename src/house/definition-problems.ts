import {basename} from 'node:path'
import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {parsePlatformName} from '../base/platform.ts'
import type {Definition} from '../model/definition.ts'
import {concrete} from '../toolchain/concrete.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** Something that is wrong with a definition which fits the schema. */
export interface Wrong {
  field: readonly PropertyKey[]
  message: string
  hint: string
}

/** What keeps a definition from being found by its name. */
export function nameProblems(
  {name}: Definition,
  definitions: Definitions,
  path: string,
  {layout}: Context,
): Wrong[] {
  const found: Wrong[] = []
  if (basename(path, '.json') !== name)
    found.push({
      field: ['name'],
      message: `the name is ${JSON.stringify(name)}, and the file is ${basename(path)}`,
      hint: `name the file ${name}.json`,
    })
  const other = definitions.origins().find(origin => origin.name === name && origin.from !== 'project')
  if (other !== undefined && other.path !== path && !path.startsWith(layout.definitions))
    found.push({
      field: ['name'],
      message: `${name} is known already, from ${other.path}: a project can't define it`,
      hint: `rename it, or put it into ${layout.definitions} to use it instead of the other one`,
    })
  return found
}

/** What the schema can't see: names that refer to nothing. */
export function referenceProblems(definition: Definition): Wrong[] {
  const parts = [
    {at: [] as PropertyKey[], part: definition},
    ...(definition.overrides ?? []).map((part, index) => ({at: ['overrides', index], part})),
  ]
  const all = [...new Set(parts.flatMap(({part}) => Object.keys(part.executables ?? {})))]
  const unknown = (field: PropertyKey[], name: string): Wrong[] => {
    if (all.includes(name)) return []
    const [near] = nearestNames(name, all)
    const hint =
      near === undefined ? `the executables are ${all.join(', ')}` : `did you mean ${JSON.stringify(near)}?`
    return [
      {
        field,
        message: `${field.map(String).join('.')}: there is no executable ${JSON.stringify(name)}`,
        hint,
      },
    ]
  }
  return [
    ...parts.flatMap(({at, part}) =>
      (['build', 'watch', 'serve'] as const).flatMap(mode =>
        unknown([...at, mode, 'command', 0], part[mode]?.command[0] ?? all[0] ?? ''),
      ),
    ),
    ...(definition.probe ? unknown(['probe', 'executable'], definition.probe.executable) : []),
  ]
}

/** Platforms that are none, or that a template has no value for. */
export function platformProblems(definition: Definition): Wrong[] {
  const names = Object.keys(definition.platforms ?? {})
  return names.flatMap((name): Wrong[] => {
    const field = ['platforms', name]
    const platform = parsePlatformName(name)
    if (platform === undefined)
      return [
        {
          field,
          message: `${name} is no name of a platform`,
          hint: 'write one such as linux-x64 or linux-x64-musl',
        },
      ]
    try {
      concrete(definition, '1.0.0', platform)
      return []
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return [{field, message: `${name}: ${error.message}`, hint: error.hint ?? 'mend this field'}]
    }
  })
}

/** The platforms that a definition is for. */
export function platformsInWords({platforms}: Definition): string {
  return platforms === undefined ? 'for any platform' : `for ${Object.keys(platforms).join(', ')}`
}
