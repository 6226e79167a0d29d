import type {z} from 'zod'

/**
 * What is wrong with a value, in the words of who writes such files: the schema's own ones where it has some.
 * @param root the whole value that was checked
 */
export function issueWords(issue: z.core.$ZodIssue, root: unknown): string {
  switch (issue.code) {
    case 'invalid_type': {
      if (!issue.message.startsWith('Invalid input')) return issue.message
      const value = valueAt(root, issue.path)
      return value === undefined
        ? 'is missing'
        : `is ${kindOf(value)}, where ${wanted(issue.expected)} is wanted`
    }
    case 'invalid_value': {
      if (!/^Invalid (?:option|input)/.test(issue.message)) return issue.message
      const value = valueAt(root, issue.path)
      const values = issue.values.map(one => JSON.stringify(one)).join(', ')
      if (value === undefined) return `is missing: one of ${values}`
      return typeof value === 'string' && value.length <= 50
        ? `is ${JSON.stringify(value)}, which is none of ${values}`
        : `is ${kindOf(value)}, where one of ${values} is wanted`
    }
    case 'unrecognized_keys':
      return `there is no field ${issue.keys.map(key => JSON.stringify(key)).join(', ')}`
    case 'too_small':
      if (!issue.message.startsWith('Too small')) return issue.message
      return tooLittle(issue)
    case 'too_big':
      if (!issue.message.startsWith('Too big')) return issue.message
      return tooMuch(issue)
    default:
      return issue.message
  }
}

function tooLittle({origin, minimum, inclusive}: z.core.$ZodIssueTooSmall): string {
  if (origin === 'array') return 'has too few items'
  if (origin === 'string') return minimum === 1 ? 'is empty' : 'is too short'
  return inclusive === false ? `is not more than ${minimum}` : `is less than ${minimum}`
}

function tooMuch({origin, maximum, inclusive}: z.core.$ZodIssueTooBig): string {
  if (origin === 'array') return 'has too many items'
  if (origin === 'string') return 'is too long'
  return inclusive === false ? `is not less than ${maximum}` : `is more than ${maximum}`
}

/** Undefined where there is nothing. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

function wanted(type: string): string {
  return kinds[type] ?? type
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Date) return 'a date'
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return String(value)
  return kinds[typeof value] ?? typeof value
}

const kinds: Record<string, string> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table of fields',
  record: 'a table of fields',
}
