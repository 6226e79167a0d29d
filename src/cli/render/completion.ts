import type {Completion} from '../../house/candidates.ts'

/**
 * As the shells' functions read it: a first line with what else fits, then one candidate a line, with what it is about
 * after a tab. `kept` letters at the beginning of each are left as they are on the line.
 */
export function renderCompletion({also, candidates}: Completion, kept = 0): string {
  const lines = candidates.map(({word, about}) => `${word.slice(kept)}\t${about.replace(/\.$/, '')}\n`)
  return `${also}\n${lines.join('')}`
}
