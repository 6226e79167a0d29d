import {z} from 'zod'
import {toolchainName} from './definition.ts'

/** `$TOOL_HOME/config.json`: the user's own settings. `src/toolchain/user-config.ts` checks the same by hand. */
export const userConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  /** What the command line speaks of where it names no toolchain. */
  defaultToolchain: toolchainName.optional(),
  /** Whether commands that need a pinned version install it where it is missing; true unless it is set. */
  autoInstall: z.boolean().optional(),
  /** Whether nothing is fetched, as with `--offline`. */
  offline: z.boolean().optional(),
})

export type UserConfig = z.infer<typeof userConfigSchema>
