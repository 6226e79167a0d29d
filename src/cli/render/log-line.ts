import {stripVTControlCharacters} from 'node:util'

/** The colours that tell servers apart: cyan, yellow, green, magenta, blue. */
const colors = [36, 33, 32, 35, 34] as const

/** `esbuild │ text`, and the end of the line; with colours the name has its own, else the text loses those that it has. */
export function renderLine({label, text}: {label: string; text: string}, color: boolean): string {
  if (!color) return `${label} │ ${stripVTControlCharacters(text)}\n`
  const sum = [...label].reduce((all, letter) => all + (letter.codePointAt(0) ?? 0), 0)
  // A text may leave its colour on.
  return `\u001B[${colors[sum % colors.length]}m${label} │\u001B[39m ${text}${text.includes('\u001B') ? '\u001B[0m' : ''}\n`
}
