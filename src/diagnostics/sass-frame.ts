import type {SourceLines} from './source-text.ts'

/** A place in code, all counted from 0 in UTF-16. */
interface Point {
  line: number
  character: number
}

/** A span that a frame marks beside its own, such as the declaration of what was called. */
export interface Label {
  /** The file that the frame names above it, where it shows several. */
  path?: string
  start: Point
  end: Point
  text: string
}

/**
 * A frame that Sass draws below a message. Tabs are drawn as four blanks; where a span has several lines, all code
 * is two columns further right.
 *
 *       ╷
 *     2 │   .a { @include foo(1,
 *       │ ┌──────^
 *     3 │ │     2); }
 *       │ └──────^
 *       ╵
 */
export class SassFrame {
  readonly #lines: Line[] = []
  #path: string | undefined
  #brackets = false

  /** Takes a line that is part of the frame. @returns `last` for its lower border, false for what is none of it */
  take(text: string): boolean | 'last' {
    if (/^ *[╵']$/.test(text)) return 'last'
    if (/^ *\.\.\.$/.test(text)) return true
    const [, path] = sectionPattern.exec(text) ?? []
    if (path !== undefined) {
      this.#path = path
      return true
    }
    const [, number, content] = linePattern.exec(text) ?? []
    if (content === undefined) return false
    if (this.#lines.length === maxLines) return true
    if (number !== undefined) this.#lines.push({path: this.#path, number: Number(number), content, marks: []})
    else this.#lines.at(-1)?.marks.push(content)
    if (number === undefined ? /^[┌,]/.test(content) : /^[┌,] /.test(content)) this.#brackets = true
    return true
  }

  /** The end of the span that begins at a point; the point itself where nothing tells. */
  endOf(start: Point, path: string, sources: SourceLines): Point {
    for (const line of this.#lines.toReversed()) {
      const source = sources(path, line.number)
      const closing = line.marks.map(mark => /^[└'][─-]*\^/.exec(mark)?.[0]).find(found => found)
      if (closing !== undefined)
        return {line: line.number - 1, character: sourceColumn(source, closing.length - 2)}
      if (this.#brackets && /^[└'] /.test(line.content))
        return {line: line.number - 1, character: source?.length ?? line.content.length - 2}
      const [, blanks = '', marks = ''] = line.marks.flatMap(mark => [/^( *)(\^+)/.exec(mark) ?? []])[0] ?? []
      if (marks === '' || line.number - 1 !== start.line) continue
      const from = blanks.length - this.#shift
      const drawn = sourceColumn(source, from)
      // Without the file a tab before the span can't be told from blanks, but its length is right.
      const end = sourceColumn(source, from + marks.length)
      return {line: start.line, character: start.character + end - drawn}
    }
    return start
  }

  /** The other spans, which say what they are. */
  labels(path: string, sources: SourceLines): Label[] {
    return this.#lines.flatMap(({path: own, number, marks}) =>
      marks.flatMap(mark => {
        const [, blanks = '', line = '', text] = /^( *)([━=]+) (.+)$/.exec(mark) ?? []
        if (text === undefined) return []
        const source = sources(own ?? path, number)
        const from = blanks.length - this.#shift
        const at = (column: number) => ({line: number - 1, character: sourceColumn(source, column)})
        return [{...(own && {path: own}), start: at(from), end: at(from + line.length), text}]
      }),
    )
  }

  get #shift(): number {
    return this.#brackets ? 2 : 0
  }
}

interface Line {
  path: string | undefined
  /** From 1. */
  number: number
  content: string
  /** What is drawn below it. */
  marks: string[]
}

/** Most lines of a frame that are kept. */
const maxLines = 200
const linePattern = /^ *(\d+)? *[│|](?: (.*)|$)/
const sectionPattern = /^ *[┌,](?:──|--)> (.+)$/

/** Whether a line begins a frame. */
export function beginsFrame(text: string): boolean {
  return /^ +[╷,]$/.test(text) || sectionPattern.test(text)
}

/** The column in the file of a drawn one. */
function sourceColumn(source: string | undefined, drawn: number): number {
  if (source === undefined) return Math.max(0, drawn)
  let width = 0
  let column = 0
  while (width < drawn && column < source.length) {
    width += source[column] === '\t' ? 4 : 1
    column += 1
  }
  return column
}
