import {z} from 'zod'
import {parseDuration} from '../base/duration.ts'
import {toolchainName} from './toolchain-name.ts'

const webAddress = z.string().refine(isWebAddress, 'is no web address')
const seconds = z.number().positive().max(86_400)

/** `$TOOL_HOME/config.json`: the user's own settings. `src/toolchain/user-config.ts` checks the same by hand. */
export const userConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  /** What the command line speaks of where it names no toolchain. */
  defaultToolchain: toolchainName.optional(),
  /** Whether commands that need a pinned version install it where it is missing; true unless it is set. */
  autoInstall: z.boolean().optional(),
  /** Whether nothing is fetched, as with `--offline`. */
  offline: z.boolean().optional(),
  /** For the beginning of an address, one or more that are asked in its place, in this order, before the address itself. */
  mirrors: z.record(webAddress, z.union([webAddress, z.array(webAddress)])).optional(),
  /** `required`: a package that its registry did not sign is not installed; `available` unless it is set. */
  verify: z.enum(['available', 'required']).optional(),
  /** For how long a version must be out before a range or a name such as `latest` may mean it, such as `3 days`. */
  minimumReleaseAge: z.string().refine(isDuration, 'is no span of time such as "3 days"').optional(),
  /** Toolchains of which any version will do, however new. */
  minimumReleaseAgeExclude: z.array(toolchainName).optional(),
  /** Whether archives stay in the cache after they were installed; true unless it is set. */
  keepArchives: z.boolean().optional(),
  /** Whether a redirect may lead from https to http; false unless it is set. */
  insecureRedirects: z.boolean().optional(),
  /** Seconds for a connection to stand; 15 unless it is set. */
  connectTimeout: seconds.optional(),
  /** Seconds without a byte; 30 unless it is set. */
  idleTimeout: seconds.optional(),
  /** Seconds for one whole transfer; 3600 unless it is set. */
  totalTimeout: seconds.optional(),
})

function isDuration(text: string): boolean {
  return parseDuration(text) !== undefined
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text)
}

export type UserConfig = z.infer<typeof userConfigSchema>
