/** Whether a version may become the name of a folder, wherever the word comes from. */
export function isVersionName(version: string): boolean {
  return /^[A-Za-z0-9_][\w.+-]{0,127}$/.test(version) && !version.includes('..')
}
