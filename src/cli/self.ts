/** This program, as `bin/` found it. */
export interface Self {
  /** The root of the package. */
  packageRoot: string
  /** The Node that runs it now and later: absolute, never a shim. */
  runtime: string
  /** Keeps what this process has compiled for later calls: for who ends it without Node's knowing. */
  keepCompiled(): void
  /** Its release, such as `0.1.0`. */
  release: string
}
