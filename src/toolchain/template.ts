import {Exit, UserError} from '../base/errors.ts'
import {fillNames, namesOf} from '../base/fill-names.ts'

export type TemplateValues = Readonly<Record<string, string>>

/** Names that only a driver knows: where a server shall listen. */
const filledLater = ['host', 'port']

/**
 * Fills `{name}` in a text of a definition. Names that are `later` known stay as they are, if they have no value yet.
 * @throws UserError DEFINITION_INVALID for a name that is not among the values
 */
export function fillTemplate(
  template: string,
  values: TemplateValues,
  where: string,
  later: readonly string[] = [],
): string {
  return fillNames(template, values, (name, whole) => {
    if (filledLater.includes(name) || later.includes(name)) return whole
    throw new UserError({
      code: 'DEFINITION_INVALID',
      message: `${where}: there is no value for ${whole}`,
      hint: `use one of ${namesOf(values)}, or give ${whole} a value for this platform under "platforms"`,
      exitCode: Exit.badPin,
    })
  })
}
