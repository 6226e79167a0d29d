/** Writes to stdout or stderr. */
export function writeToTerminal(stream: 'out' | 'err', text: string): void {
  process[stream === 'out' ? 'stdout' : 'stderr'].write(text)
}
