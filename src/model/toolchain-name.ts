import {z} from 'zod'

/** What a toolchain may be called: nothing that a version spec can look like. */
export const toolchainName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'is no name of a toolchain: small letters, digits and hyphens')
  .refine(name => !/^(?:latest|next|lts|system|path|v\d.*)$/.test(name), 'is reserved for version specs')
