/** What a word that is being typed may become. */
export interface Candidate {
  word: string
  about: string
}

export interface Completion {
  /** What else fits: names of files or folders. `unfinished`: the word goes on, so no blank follows it. */
  also: 'nothing' | 'files' | 'folders' | 'unfinished'
  candidates: Candidate[]
}

/** Those that begin as typed. */
export function fitting(candidates: readonly Candidate[], typed: string): Completion {
  return {also: 'nothing', candidates: candidates.filter(({word}) => word.startsWith(typed))}
}
