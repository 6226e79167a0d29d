/**
 * A frame that `tsc --pretty` draws under a message: lines of code with their numbers, each with `~` below.
 * It knows the end of the marked span, which is told nowhere else.
 *
 *     7 f([1,
 *         ~~~
 *   ...
 *    12 7])
 *       ~~
 */
export interface Frame {
  /** Takes a line that is part of the frame; false if the frame was over before it. */
  take(text: string): boolean
  /** Where the span ends, counted from 0, exclusive; undefined where nothing was marked. */
  end(): {line: number; character: number} | undefined
}

/** Begins a frame with its first line of code, which must bear the number `line` (from 1) at this indentation. */
export function beginFrame(text: string, line: number, indentation: number): Frame | undefined {
  const first = /^( *)(\d+)(?: |$)/.exec(text)
  if (first === null || Number(first[2]) !== line || (first[1] ?? '').length < indentation) return undefined
  return new OpenFrame(first[0].trimEnd().length + 1, line, text)
}

class OpenFrame implements Frame {
  /** Where the code begins in each line of the frame. */
  readonly #offset: number
  readonly #first: number
  #expecting: 'code' | 'marks' | 'nothing' = 'marks'
  #skipped = false
  #line: number
  #codeLength: number
  #end: {line: number; character: number} | undefined

  constructor(offset: number, line: number, text: string) {
    this.#offset = offset
    this.#line = line
    this.#codeLength = Math.max(0, text.length - offset)
    this.#first = line
  }

  take(text: string): boolean {
    if (this.#expecting === 'marks') return this.#marks(text)
    if (this.#expecting === 'code' && this.#code(text)) return true
    this.#expecting = 'nothing'
    return false
  }

  end(): {line: number; character: number} | undefined {
    return this.#end
  }

  #marks(text: string): boolean {
    const width = text.trimEnd().length - this.#offset
    // A span of no width gets one mark from TypeScript 7, also behind the end of the line.
    if (text.includes('~')) this.#end = {line: this.#line - 1, character: Math.min(width, this.#codeLength)}
    else if (this.#line > this.#first) this.#end = {line: this.#line - 1, character: 0}
    this.#expecting = 'code'
    return true
  }

  #code(text: string): boolean {
    const gutter = text.slice(0, this.#offset).trim()
    if (gutter === '...' && text.trim() === '...') {
      this.#skipped = true
      return true
    }
    const number =
      /^\d+$/.test(gutter) && text.slice(0, this.#offset - 1).endsWith(gutter) ? Number(gutter) : 0
    if (this.#skipped ? number <= this.#line : number !== this.#line + 1) return false
    this.#skipped = false
    this.#line = number
    this.#codeLength = Math.max(0, text.length - this.#offset)
    this.#expecting = 'marks'
    return true
  }
}
