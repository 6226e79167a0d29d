import type {z} from 'zod'
import {Exit, UserError} from '../base/errors.ts'
import {nearestNames} from '../base/nearest.ts'
import {issueWords, valueAt} from './issue-words.ts'

/** Which file is checked, and the code of the error if it is wrong. */
export interface Checked {
  path: string
  code: string
}

/**
 * Parses the JSON text of a file that a person wrote.
 * @throws UserError with the place of the slip
 */
export function parseJson(text: string, {path, code}: Checked): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UserError({
      code,
      message: `${path} is not valid JSON${error instanceof SyntaxError ? ` (${error.message})` : ''}`,
      hint: 'mend it: JSON has no comments and no comma after the last item',
      exitCode: Exit.badPin,
      cause: error,
    })
  }
}

/**
 * Checks a parsed file against its schema.
 * @throws UserError that names the file, the path of the field, and for an unknown field the nearest known one
 */
export async function check<S extends z.ZodType>(
  schema: S,
  value: unknown,
  {path, code}: Checked,
): Promise<z.infer<S>> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [first, ...others] = result.error.issues.map(issue => clearest(issue, value))
  if (first === undefined) throw new Error(`${path} was refused without an issue`)
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  throw new UserError({
    code,
    message: `${[path, ...fieldOf(first.path), issueWords(first, value)].join(': ')}${more}`,
    hint: await hintFor(first, schema, value),
    exitCode: Exit.badPin,
  })
}

/** One thing that is wrong with a file. */
export interface Problem {
  /** Of the field; none: the whole file. */
  path: readonly PropertyKey[]
  message: string
  hint: string
}

/** Everything that is wrong with a parsed file, for those who tell it all at once; none where it fits the schema. */
export async function problemsOf(schema: z.ZodType, value: unknown): Promise<Problem[]> {
  const result = schema.safeParse(value)
  if (result.success) return []
  return Promise.all(
    result.error.issues.map(async found => {
      const issue = clearest(found, value)
      const path =
        issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
      return {path, message: issueWords(issue, value), hint: await hintFor(issue, schema, value)}
    }),
  )
}

type Issue = z.core.$ZodIssue

/** Of the alternatives that a value fits none of, the one that went wrong deepest, or knows its kind, is what was meant. */
function clearest(issue: Issue, value: unknown): Issue {
  if (issue.code === 'invalid_key') return {...issue, message: issue.issues[0]?.message ?? issue.message}
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue
  const branches = issue.errors.map(([first]) => first).filter(first => first !== undefined)
  const rank = (one: Issue) =>
    one.path.length * 2 + (isOfKind(one, [...issue.path, ...one.path], value) ? 1 : 0)
  const [best] = branches.toSorted((a, b) => rank(b) - rank(a))
  return best === undefined ? issue : clearest({...best, path: [...issue.path, ...best.path]}, value)
}

/** Whether it is of the kind that is wanted, and wrong otherwise. */
function isOfKind(issue: Issue, path: readonly PropertyKey[], value: unknown): boolean {
  if (issue.code === 'invalid_type') return false
  return issue.code !== 'invalid_value' || typeof valueAt(value, path) === typeof issue.values[0]
}

async function hintFor(issue: Issue, schema: z.ZodType, value: unknown): Promise<string> {
  if (issue.code === 'invalid_value') {
    const [meant] = nearestNames(String(valueAt(value, issue.path)), issue.values.map(String))
    return meant === undefined ? 'mend this field' : `did you mean ${JSON.stringify(meant)}?`
  }
  if (issue.code !== 'unrecognized_keys') return 'mend this field'
  const {toJSONSchema} = await import('zod')
  const known = fieldsAt(toJSONSchema(schema, {unrepresentable: 'any'}), issue.path)
  const [meant] = issue.keys.flatMap(key => nearestNames(key, known))
  if (meant !== undefined) return `did you mean ${JSON.stringify(meant)}?`
  return `the fields here are ${known.join(', ')}`
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  additionalProperties?: unknown
  items?: unknown
  anyOf?: unknown[]
  oneOf?: unknown[]
}

/** The fields that a schema knows at a path. */
function fieldsAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (!isSchema(schema)) return []
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (alternatives.length > 0) return [...new Set(alternatives.flatMap(branch => fieldsAt(branch, path)))]
  const [key, ...rest] = path
  if (key === undefined) return Object.keys(schema.properties ?? {})
  if (typeof key === 'number') return fieldsAt(schema.items, rest)
  return fieldsAt(schema.properties?.[String(key)] ?? schema.additionalProperties, rest)
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}

function fieldOf(path: readonly PropertyKey[]): string[] {
  return path.length === 0 ? [] : [path.map(String).join('.')]
}
