import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {z} from 'zod'
import {definitionSchema} from '../src/model/definition.ts'
import {projectConfigSchema} from '../src/model/project-config.ts'
import {userConfigSchema} from '../src/model/user-config.ts'

/** The published JSON Schemas by file name, made from the sources that also check the files. */
export function schemaFiles(): Record<string, string> {
  return {
    'toolchain.schema.json': schemaText(definitionSchema, 'The definition of a toolchain'),
    'tool.schema.json': schemaText(projectConfigSchema, 'The settings of a project: tool.json'),
    'config.schema.json': schemaText(userConfigSchema, 'The settings of a user: config.json in the home'),
  }
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
