import type {Context} from '../../base/context.ts'
import {shortPath} from '../../base/origin.ts'
import type {ActingFile} from '../../house/trust.ts'

const words: Readonly<Record<ActingFile['state'], string>> = {
  trusted: 'trusted',
  changed: 'changed since it was trusted',
  unknown: 'not trusted',
}

/** Every file with whether it is trusted, and below it what it does. */
export function renderActing(files: readonly ActingFile[], {cwd}: Pick<Context, 'cwd'>): string {
  return files
    .map(({path, state, acts}) =>
      [`${shortPath(path, cwd)} (${words[state]})`, ...acts.map(act => `  ${act}`)]
        .map(line => `${visible(line)}\n`)
        .join(''),
    )
    .join('')
}

/** What a project wrote must not move the cursor: it would hide what else it wrote. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, sign => `\\u{${sign.codePointAt(0)?.toString(16)}}`)
}
