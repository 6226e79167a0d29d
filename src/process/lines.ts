import {StringDecoder} from 'node:string_decoder'

/**
 * A longer line is handed on in pieces of this many UTF-16 units, each but the last ending in `…`. Pieces that V8 takes
 * for large objects (above 128 KB) would outlive their use, and double the memory that a flood takes.
 */
export const maxLineLength = 16 * 1024

export interface LineSplitter {
  write(chunk: Buffer): void
  /** Hands on what came after the last line end. */
  end(): void
}

/** Cuts a stream of UTF-8 into lines without their ends (LF or CRLF). Escape sequences are kept; memory is bounded by one line. */
export function splitLines(emit: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8')
  let rest = ''

  const take = (text: string) => {
    let from = 0
    for (;;) {
      const end = text.indexOf('\n', from)
      if (end === -1) break
      const line = cutLong(rest + text.slice(from, end), emit)
      emit(line.endsWith('\r') ? line.slice(0, -1) : line)
      rest = ''
      from = end + 1
    }
    rest = cutLong(rest + text.slice(from), emit)
  }

  return {
    write: chunk => take(decoder.write(chunk)),
    end() {
      take(decoder.end())
      if (rest !== '') emit(rest)
      rest = ''
    },
  }
}

/** Emits pieces until the rest is short enough, and returns it. */
function cutLong(line: string, emit: (piece: string) => void): string {
  let from = 0
  while (line.length - from > maxLineLength) {
    let end = from + maxLineLength
    if (isHighSurrogate(line.charCodeAt(end - 1))) end -= 1
    emit(`${line.slice(from, end)}…`)
    from = end
  }
  return from === 0 ? line : line.slice(from)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
