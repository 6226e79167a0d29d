import type {InitAdvice} from '../../house/init-advice.ts'

/** What to do to set up a shell. All but the line itself is comment, so that evaluating it by mistake does what was meant. */
export function renderInitAdvice({shell, line, file}: InitAdvice): string {
  const after = shell === 'zsh' ? ', after compinit if that is there' : ''
  return `# To use the pinned versions by their names, tool shell and completion in ${shell},
# add this line at the end of ${file}${after}, then start a new shell:

${line}
`
}
