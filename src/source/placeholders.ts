import {Exit, UserError} from '../base/errors.ts'
import {fillNames, namesOf} from '../base/fill-names.ts'

/**
 * Fills `{name}` in a template of a source with what it found out.
 * @throws UserError DEFINITION_INVALID for what it does not know there
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return fillNames(template, values, (_, whole) => {
    throw new UserError({
      code: 'DEFINITION_INVALID',
      message: `${JSON.stringify(template)} of the source can't be filled: there is no value for ${whole}`,
      hint: `use one of ${namesOf(values)}, or give "file" in the definition for {file}`,
      exitCode: Exit.badPin,
    })
  })
}
