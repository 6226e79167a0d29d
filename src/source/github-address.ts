import type {GithubSourceDefinition} from '../model/source-definition.ts'

/** The list of releases of a source, at GitHub or at an Enterprise of one's own. */
export function releasesAddress({
  repository,
  api = 'https://api.github.com',
}: Pick<GithubSourceDefinition, 'api' | 'repository'>): string {
  return `${api.replace(/\/+$/, '')}/repos/${repository}/releases?per_page=100`
}
