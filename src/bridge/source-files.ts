import type {Host, Options, SourceFile, System} from './typescript-api.ts'

/** Syntax trees that are used again for as long as their text and what they were made with are the same. */
export class SourceFiles {
  readonly #known = new Map<string, {file: SourceFile; language: string}>()
  #options = ''

  /**
   * Has the host take what is known. Whatever depends on options is in the trees too, so with others it begins anew.
   * @param resolved whether imports still mean what they meant: before 5.3 a tree holds what they were resolved to
   */
  lendTo(host: Host, options: Options, {readFile}: System, resolved: boolean): void {
    const settings = JSON.stringify({...options, configFile: undefined})
    if (settings !== this.#options) this.#known.clear()
    this.#options = settings
    const create = host.getSourceFile.bind(host)
    host.getSourceFile = (path, language, ...rest) => {
      // A host that caches would not have to ask; here the question itself is what counts.
      const text = readFile(path)
      const made = languageKey(language)
      const before = this.#known.get(path)
      const fits = before?.language === made && before.file.text === text
      if (fits && (resolved || before.file.resolvedModules === undefined)) return before.file
      const file = create(path, language, ...rest)
      if (file === undefined) this.#known.delete(path)
      else this.#known.set(path, {file, language: made})
      return file
    }
  }

  /** Forgets what is no part of a program. */
  keep(files: readonly SourceFile[]): void {
    const kept = new Set(files)
    for (const [path, {file}] of this.#known) if (!kept.has(file)) this.#known.delete(path)
  }
}

/** The version of the language, and since 4.7 in which format Node takes the file; functions follow from the options. */
function languageKey(language: unknown): string {
  return typeof language === 'object' ? JSON.stringify(language) : String(language)
}
