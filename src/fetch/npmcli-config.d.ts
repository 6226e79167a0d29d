/** The part of `@npmcli/config` that is used here; the package has no types of its own. */
declare module '@npmcli/config' {
  export interface Options {
    definitions: unknown
    shorthands: unknown
    flatten: unknown
    nerfDarts: unknown
    npmPath: string
    execPath: string
    env: Readonly<Record<string, string | undefined>>
    argv: readonly string[]
    cwd: string
    warn: boolean
  }
  export default class Config {
    constructor(options: Options)
    load(): Promise<void>
    readonly flat: Readonly<Record<string, unknown>>
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const npm: {definitions: unknown; shorthands: unknown; flatten: unknown; nerfDarts: unknown}
  export default npm
}
