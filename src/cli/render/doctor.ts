import type {Finding, Status} from '../../house/doctor/finding.ts'

const marks: Readonly<Record<Status, string>> = {ok: 'ok', warning: 'warning', problem: 'problem'}
const colors: Readonly<Record<Status, number>> = {ok: 32, warning: 33, problem: 31}

/** What `tool doctor` prints: what is wrong first, each with what mends it, then what is well. */
export function renderDoctor(findings: readonly Finding[], {color}: {color: boolean}): string {
  const paint = (status: Status) =>
    color ? `\u001b[${colors[status]}m${marks[status]}\u001b[39m` : marks[status]
  const of = (status: Status) => findings.filter(one => one.status === status)
  const [problems, warnings] = [of('problem'), of('warning')]
  const wrong = [...problems, ...warnings].map(({status, title, detail, fix}) =>
    [
      `${paint(status)}: ${title}`,
      ...(detail && [`  ${detail}`]),
      ...(fix === null ? [] : [`  try: ${fix}`]),
    ].join('\n'),
  )
  const well = of('ok').map(({title, detail}) => `${paint('ok')}: ${title}${detail && ` (${detail})`}`)
  return `${[...wrong, well.join('\n'), summary(problems.length, warnings.length)].filter(Boolean).join('\n\n')}\n`
}

function summary(problems: number, warnings: number): string {
  if (problems + warnings === 0) return 'all is well'
  const counted = [count(problems, 'problem'), count(warnings, 'warning')].filter(Boolean)
  return counted.join(', ')
}

function count(number: number, word: string): string {
  return number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`
}
