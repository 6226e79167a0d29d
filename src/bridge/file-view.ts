import type {FileTexts} from './file-texts.ts'
import type {System} from './typescript-api.ts'

interface Question {
  ask(): unknown
  answer: unknown
  /** Of a question for a text: whose. */
  path?: string
}

/**
 * All that a compilation asked the file system, with the answers. As long as each question has the same answer, the
 * compiler would say and write the same again: nobody has to know which of them mattered, nor to watch anything.
 */
export class FileView {
  readonly system: System
  readonly #questions = new Map<string, Question>()

  constructor(system: System, texts: FileTexts) {
    this.system = {
      ...system,
      readFile: path => this.#answer(`text ${path}`, () => texts.text(path), path),
      fileExists: path => this.#answer(`file ${path}`, () => system.fileExists(path)),
      directoryExists: path => this.#answer(`directory ${path}`, () => system.directoryExists(path)),
      getDirectories: path => this.#list(`directories ${path}`, () => system.getDirectories(path)),
      readDirectory: (path, ...how) =>
        this.#list(`files ${path} ${JSON.stringify(how)}`, () => system.readDirectory(path, ...how)),
      ...(system.realpath && {
        realpath: path => this.#answer(`real ${path}`, () => system.realpath?.(path) ?? path),
      }),
      ...(system.getModifiedTime && {
        getModifiedTime: path => {
          const time = () => system.getModifiedTime?.(path)?.getTime()
          const answer = this.#answer(`time ${path}`, time)
          return answer === undefined ? undefined : new Date(answer)
        },
      }),
      ...(system.getFileSize && {
        getFileSize: path => this.#answer(`size ${path}`, () => system.getFileSize?.(path) ?? 0),
      }),
    }
  }

  /** What the compiler wrote itself, and reads only to go on from there. */
  forgetText(path: string): void {
    for (const kind of ['text', 'file', 'time', 'size']) this.#questions.delete(`${kind} ${path}`)
  }

  /** Files whose texts were read. */
  read(): Set<string> {
    return new Set([...this.#questions.values()].flatMap(({path}) => path ?? []))
  }

  /**
   * How the world differs from what was seen: not at all, in the texts of files alone (of these), or in more than that.
   */
  compare(): {kind: 'same'} | {kind: 'texts'; paths: ReadonlySet<string>} | {kind: 'other'} {
    const paths = new Set<string>()
    for (const {ask, answer, path} of this.#questions.values()) {
      const now = ask()
      if (now === answer) continue
      if (path === undefined || now === undefined || answer === undefined) return {kind: 'other'}
      paths.add(path)
    }
    return paths.size === 0 ? {kind: 'same'} : {kind: 'texts', paths}
  }

  #answer<T>(key: string, ask: () => T, path?: string): T {
    const answer = ask()
    // What it was told first is what it may have acted on: a change in between is one that the next time finds.
    if (!this.#questions.has(key)) this.#questions.set(key, {ask, answer, ...(path !== undefined && {path})})
    return answer
  }

  #list(key: string, ask: () => readonly string[]): readonly string[] {
    const all = ask()
    if (!this.#questions.has(key))
      this.#questions.set(key, {ask: () => ask().join('\0'), answer: all.join('\0')})
    return all
  }
}
