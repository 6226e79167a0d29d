/** What the user's `config.json` says of the network. */
export interface NetworkSettings {
  /** For the beginning of an address, what to ask in its place, in this order, before the address itself. */
  mirrors?: Readonly<Record<string, string | readonly string[]>> | undefined
  /** Whether a redirect may lead from https to http. */
  insecureRedirects?: boolean | undefined
  /** Seconds for a connection to stand. */
  connectTimeout?: number | undefined
  /** Seconds without a byte. */
  idleTimeout?: number | undefined
  /** Seconds for one whole transfer. */
  totalTimeout?: number | undefined
  /** Whether archives stay in the cache after they were installed; true unless it is set. */
  keepArchives?: boolean | undefined
  /** For how long a version must be out before a range or a name may mean it, such as `3 days`. */
  minimumReleaseAge?: string | undefined
  /** Toolchains of which any version will do. */
  minimumReleaseAgeExclude?: readonly string[] | undefined
  /** `required`: what its registry did not sign is not installed. */
  verify?: 'available' | 'required' | undefined
}
