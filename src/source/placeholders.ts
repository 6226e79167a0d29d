import {Exit, UserError} from '../base/errors.ts'

/**
 * Fills `{name}` in a template of a source with what it found out.
 * @throws UserError DEFINITION_INVALID for what it does not know there
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value !== undefined) return value
    throw new UserError({
      code: 'DEFINITION_INVALID',
      message: `${JSON.stringify(template)} of the source can't be filled: there is no value for ${whole}`,
      hint: `use one of ${Object.keys(values)
        .map(known => `{${known}}`)
        .join(' ')}, or give "file" in the definition for {file}`,
      exitCode: Exit.badPin,
    })
  })
}
