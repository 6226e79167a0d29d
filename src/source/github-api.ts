import {Exit, UserError} from '../base/errors.ts'
import {type Document, getJson, type Validators} from '../fetch/json.ts'
import type {Around} from './around.ts'
import {hasCode, indexInvalid} from './errors.ts'
import {type GithubToken, tokenFromEnvironment, tokenFromGh} from './github-token.ts'

/** Of a hundred releases each. */
const maxPages = 50

interface Question {
  /** Of the first page. */
  url: URL
  repository: string
}

/**
 * All pages of a list; undefined where the first is as the validators say. Asked with a token from the environment; without
 * one, and where GitHub wants one, with that of its own program `gh`.
 * @throws UserError NETWORK_*, REPOSITORY_NOT_FOUND, GITHUB_TOKEN_REFUSED, INDEX_INVALID
 */
export async function askGithub(
  around: Around,
  {url, repository}: Question,
  validators: Validators | undefined,
): Promise<Document | undefined> {
  const own = tokenFromEnvironment(around.context, url)
  try {
    return await allPages(around, url, validators, own)
  } catch (error) {
    if (!hasCode(error, 'NETWORK_RATE_LIMITED', 'NETWORK_FORBIDDEN', 'NETWORK_NOT_FOUND')) throw error
    const other =
      own === undefined
        ? await around.once(`gh ${url.host}`, () => tokenFromGh(around.context, url))
        : undefined
    if (other === undefined) throw inWords(error, {url, repository}, own)
    return await allPages(around, url, validators, other).catch(again => {
      throw inWords(again, {url, repository}, other)
    })
  }
}

async function allPages(
  {network}: Around,
  url: URL,
  validators: Validators | undefined,
  token: GithubToken | undefined,
): Promise<Document | undefined> {
  const authorization = token && {origin: url.origin, value: `Bearer ${token.value}`}
  const headers = {'x-github-api-version': '2022-11-28'}
  const page = (at: URL, validators?: Validators) =>
    getJson(network, at, {
      accept: 'application/vnd.github+json',
      headers,
      authorization,
      ...(validators && {validators}),
    })
  const first = await page(url, validators)
  if (first === undefined) return undefined
  const all = [...listIn(first, url)]
  let next = nextPage(first, url)
  for (let pages = 1; next !== undefined && pages < maxPages; pages++) {
    const more: Document | undefined = await page(next)
    if (more === undefined) break
    all.push(...listIn(more, next))
    next = nextPage(more, url)
  }
  return {...first, value: all}
}

function listIn({value}: Document, url: URL): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw indexInvalid(url, 'it lists no releases')
}

/** Only the number is taken from the answer, so that it leads to no other host. */
function nextPage({link = ''}: Document, url: URL): URL | undefined {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link)?.[1]
  const page = target !== undefined && URL.canParse(target) ? new URL(target).searchParams.get('page') : null
  if (page === null || !/^\d{1,4}$/.test(page)) return undefined
  const next = new URL(url)
  next.searchParams.set('page', page)
  return next
}

function inWords(error: unknown, {url, repository}: Question, token: GithubToken | undefined): unknown {
  if (hasCode(error, 'NETWORK_NOT_FOUND'))
    return new UserError({
      code: 'REPOSITORY_NOT_FOUND',
      message: `${url.host} shows no repository ${repository}: ${url}`,
      hint: token
        ? `check its name in the definition, and what the token of ${token.from} may read`
        : 'check its name in the definition; a private one needs a token: export GITHUB_TOKEN, or gh auth login',
      exitCode: Exit.network,
      cause: error,
    })
  if (hasCode(error, 'NETWORK_FORBIDDEN'))
    return new UserError({
      code: token ? 'GITHUB_TOKEN_REFUSED' : 'NETWORK_FORBIDDEN',
      message: `${url.host} refuses ${token ? `the token of ${token.from}` : 'to answer without a token'}: ${url}`,
      hint: token
        ? `it may have ended: make a new one for ${token.from}; a public repository needs none`
        : 'export GITHUB_TOKEN, or gh auth login',
      exitCode: Exit.network,
      cause: error,
    })
  return error
}
