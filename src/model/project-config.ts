import {z} from 'zod'
import {toolchainName} from './toolchain-name.ts'

const systemText = z
  .string()
  .refine(text => !text.includes('\0'), 'holds a NUL character, which no program can be given')

const settings = z.strictObject({
  /** Arguments after the definition's own. */
  args: z.array(systemText).optional(),
  /** Toolchains that must have finished without errors before this one starts. */
  after: z.array(toolchainName).optional(),
  /** Added to the compiler's environment. Acts only in a trusted project. */
  environment: z.record(systemText, systemText).optional(),
})

const serverSettings = z.strictObject({
  ...settings.shape,
  host: systemText.optional(),
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
