import type {Context} from '../base/context.ts'

export interface GithubToken {
  value: string
  /** The variable or program that has it. */
  from: string
}

/** Ours first, then those that everybody's programs read. */
const variables = ['TOOL_GITHUB_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'] as const

/**
 * A token of the environment for an API. A token belongs to one server: that of `GITHUB_API_URL`, as GitHub's runners set it
 * beside theirs, else GitHub's own. No definition, wherever it is from, gets it sent elsewhere.
 */
export function tokenFromEnvironment({env, log}: Context, api: URL): GithubToken | undefined {
  const home = env.GITHUB_API_URL || 'https://api.github.com'
  if (!URL.canParse(home) || new URL(home).origin !== api.origin) return undefined
  for (const from of variables) {
    const value = env[from]?.trim()
    if (!value) continue
    if (/^[\x21-\x7e]+$/.test(value)) return {value, from}
    log.warning(`${from} is no token, so it is passed over: it has blanks or other characters in it`)
  }
  return undefined
}

/** With these in its environment `gh` has a token for any server that it is asked about, whoever named that. */
const tokensOfGh = ['GH_TOKEN', 'GITHUB_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN']

/** The token that GitHub's own program keeps for a host; undefined where it has none, or is not there. */
export async function tokenFromGh({env, log, userHome}: Context, api: URL): Promise<GithubToken | undefined> {
  const {execFile} = process.getBuiltinModule('node:child_process')
  const host = api.hostname === 'api.github.com' ? 'github.com' : api.host
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !tokensOfGh.includes(name)))
  return new Promise(resolve => {
    const args = ['auth', 'token', '--hostname', host]
    execFile('gh', args, {env: own, timeout: 5_000, cwd: userHome, windowsHide: true}, (error, stdout) => {
      const value = stdout.trim()
      if (error) log.debug(`gh has no token for ${host}: ${error.message.split('\n')[0]}`)
      resolve(!error && /^[\x21-\x7e]+$/.test(value) ? {value, from: 'gh'} : undefined)
    })
  })
}
