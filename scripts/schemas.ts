import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {z} from 'zod'
import {definitionSchema} from '../src/model/definition.ts'
import {projectConfigSchema} from '../src/model/project-config.ts'
import {superviseFileSchema} from '../src/model/supervise-file.ts'
import {userConfigSchema} from '../src/model/user-config.ts'

/** The published JSON Schemas by file name, made from the sources that also check the files. */
export function schemaFiles(): Record<string, string> {
  return {
    'toolchain.schema.json': schemaText(definitionSchema, 'The definition of a toolchain'),
    'tool.schema.json': schemaText(projectConfigSchema, 'The settings of a project: tool.json'),
    'config.schema.json': schemaText(userConfigSchema, 'The settings of a user: config.json in the home'),
    'supervise.schema.json': superviseSchemaText(),
  }
}

function superviseSchemaText(): string {
  const schema = JSON.parse(schemaText(superviseFileSchema, 'The file of tool supervise'))
  return `${JSON.stringify(withSnakeKeys(schema), null, 2)}\n`
}

/** Keys in kebab-case may be written in snake_case, too. */
function withSnakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSnakeKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [key, withSnakeKeys(item)] as const)
  const copy: Record<string, unknown> = Object.fromEntries(entries)
  if (typeof copy.properties === 'object' && copy.properties !== null) {
    const properties = Object.entries(copy.properties)
    const snake = properties
      .filter(([key]) => key.includes('-'))
      .map(([key, item]) => [key.replaceAll('-', '_'), item] as const)
    copy.properties = Object.fromEntries([...properties, ...snake])
  }
  return copy
}

function schemaText(schema: z.ZodType, title: string): string {
  const {$schema, ...rest} = z.toJSONSchema(schema, {target: 'draft-7', io: 'input'})
  return `${JSON.stringify({$schema, title, ...rest}, null, 2)}\n`
}

if (import.meta.main) {
  const directory = join(import.meta.dirname, '..', 'schemas')
  mkdirSync(directory, {recursive: true})
  for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(join(directory, name), text)
}
