import {looksLikeSpec} from '../version/spec.ts'

/** Whether a toolchain may be called so: small letters, digits and hyphens, and nothing that is a version spec. */
export function isToolchainName(text: string): boolean {
  return /^[a-z][a-z0-9-]*$/.test(text) && !looksLikeSpec(text)
}
