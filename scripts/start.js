// The main job on a small real web project: install what it pins, build it, serve it.
// On a terminal the server stays until Ctrl-C; otherwise its page is fetched once and everything is stopped.
import {spawn, spawnSync} from 'node:child_process'
import {join, relative} from 'node:path'
import {createInterface} from 'node:readline'
import {root} from './root.js'

const tool = join(root, 'bin', 'tool.cjs')
/** Exit codes of installs that failed on the way: network, integrity (a proxy's doing). */
const cannotFetch = [5, 6]

const site = build('hello') ?? buildEmbedded()
const interactive = process.stdin.isTTY && process.stdout.isTTY
process.exitCode = interactive ? await serve(site) : await serveOnce(site)

/** Installs what a sample site pins, and builds it; gives its folder, or undefined where the compilers can't be fetched. */
function build(name) {
  const folder = join(root, 'fixtures', 'sites', name)
  console.log(`\nIn ${relative(root, folder)}:`)
  for (const verb of ['install', 'build']) {
    announce(`tool ${verb}`)
    const {status, error} = spawnSync(process.execPath, [tool, verb, '-C', folder], {stdio: 'inherit'})
    if (error) throw error
    if (cannotFetch.includes(status)) return undefined
    if (status !== 0) process.exit(status ?? 1)
  }
  return folder
}

function buildEmbedded() {
  console.log(
    '\nThe compilers can’t be fetched from here, so this goes on with the embedded one, sitec, a small site compiler, which needs no network.',
  )
  return build('pages') ?? process.exit(1)
}

function serve(folder) {
  announce('tool serve    # until Ctrl-C')
  const child = spawn(process.execPath, [tool, 'serve', '-C', folder], {stdio: 'inherit'})
  // The terminal sends Ctrl-C to the server as well: it ends first, then we do.
  process.on('SIGINT', () => {})
  return new Promise(resolve => child.on('exit', code => resolve(code === 130 ? 0 : (code ?? 1))))
}

async function serveOnce(folder) {
  announce('tool serve')
  const child = spawn(process.execPath, [tool, 'serve', '-C', folder], {stdio: ['ignore', 'pipe', 'inherit']})
  const exited = new Promise(resolve => child.on('exit', resolve))
  try {
    for await (const line of createInterface({input: child.stdout})) {
      console.log(line)
      return await fetchOnce(line.split(' ').at(-1))
    }
    return (await exited) ?? 1
  } finally {
    child.kill('SIGINT')
    await exited
    console.log('stopped everything; on a terminal the server would stay until Ctrl-C')
  }
}

async function fetchOnce(url) {
  const response = await fetch(url)
  const page = await response.text()
  console.log(
    `\nfetched ${url} once: ${response.status} ${response.headers.get('content-type')}, ${page.length} characters`,
  )
  return response.ok ? 0 : 1
}

function announce(text) {
  console.log(`\n$ ${text}`)
}
