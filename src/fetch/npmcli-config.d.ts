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
    /** Called by `load`: reads the `.npmrc` beside the nearest package.json. */
    loadProjectConfig(): Promise<void>
    /** Finds the root of the project, or of its workspaces. */
    loadLocalPrefix(): Promise<void>
    readonly localPrefix: string
    get(key: string): unknown
    readonly flat: Readonly<Record<string, unknown>>
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const npm: {
    definitions: {registry: {default: string}}
    shorthands: unknown
    flatten: unknown
    nerfDarts: unknown
  }
  export default npm
}
