/** The oldest Node that the code in dist/ runs on. */
export const oldestNode: string
/** The Node that the package brings, or undefined where none is installed for this platform. */
export function findRuntime(packageRoot: string): string | undefined
export function isTooOld(version: string): boolean
