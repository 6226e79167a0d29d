/** Where other version managers put what they want first on PATH. */
const managers: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['asdf', /\/\.?asdf\/(?:data\/)?shims$/],
  ['mise', /\/mise\/(?:shims|installs\/.+)$/],
  ['volta', /\/\.?volta\/bin$/],
  ['nvm', /\/\.?nvm\/versions\/.+\/bin$/],
  ['fnm', /\/\.?fnm(?:_multishells|\/)/],
  ['nodenv', /\/\.?nodenv\/shims$/],
  ['n', /\/n\/bin$/],
  ['proto', /\/\.?proto\/(?:shims|bin)$/],
  ['rbenv', /\/\.?rbenv\/shims$/],
  ['pyenv', /\/\.?pyenv\/shims$/],
]

/** The version manager that a folder on PATH belongs to, if it looks like one's. */
export function managerOf(entry: string): string | undefined {
  const path = entry.replaceAll('\\', '/')
  return managers.find(([, pattern]) => pattern.test(path))?.[0]
}
