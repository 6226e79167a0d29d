import {z} from 'zod'
import {toolchainName} from './definition.ts'

const settings = z.strictObject({
  /** Arguments after the definition's own. */
  args: z.array(z.string()).optional(),
  /** Toolchains that must have finished without errors before this one starts. */
  after: z.array(toolchainName).optional(),
  /** Added to the compiler's environment. Acts only in a trusted project. */
  environment: z.record(z.string(), z.string()).optional(),
})

const serverSettings = z.strictObject({
  ...settings.shape,
  host: z.string().optional(),
  port: z.int().min(0).max(65_535).optional(),
  /** Seconds until a server that says nothing counts as failed. */
  readyTimeout: z.number().positive().optional(),
})

/** `tool.json`, in the project root. */
export const projectConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  defaultToolchain: toolchainName.optional(),
  build: z.record(toolchainName, settings).optional(),
  watch: z.record(toolchainName, settings).optional(),
  serve: z.record(toolchainName, serverSettings).optional(),
})

export type ProjectConfig = z.infer<typeof projectConfigSchema>
export type BuildSettings = z.infer<typeof settings>
export type ServeSettings = z.infer<typeof serverSettings>
