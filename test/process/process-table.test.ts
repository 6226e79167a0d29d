import {expect, test} from 'vitest'
import {descendantsOf, parseProcessTable} from '../../src/process/process-table.ts'

const at = Date.UTC(2026, 10, 25, 4, 45, 13, 123)

test('the table of wmic is read, with times of any zone', () => {
  const text = [
    'CreationDate               ParentProcessId  ProcessId  ',
    '                           0                0          ',
    '20261125054513.123456+060  4                88         ',
    '20261124234513.123456-300  88               4711       ',
    '',
  ].join('\r\r\n')
  const table = [
    {pid: 0, parent: 0, started: undefined},
    {pid: 88, parent: 4, started: at},
    {pid: 4711, parent: 88, started: at},
  ]
  expect(parseProcessTable(Buffer.from(text))).toEqual(table)
  expect(parseProcessTable(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(table)
})

test('so are the lines of PowerShell, and a table without times', () => {
  const lines = '20261125044513.123456+000 4 88\r\n 0 0\r\n'
  expect(parseProcessTable(Buffer.from(lines))).toEqual([
    {pid: 88, parent: 4, started: at},
    {pid: 0, parent: 0, started: undefined},
  ])
  expect(parseProcessTable(Buffer.from('ParentProcessId ProcessId\r\n32   40   \r\n'))).toEqual([
    {pid: 40, parent: 32, started: undefined},
  ])
})

test.each(['', 'Error: Invalid query\r\n', '1\r\n', '1 2 3\r\n', 'x 1 2 3\r\n'])('%j is no table', text => {
  expect(parseProcessTable(Buffer.from(text))).toEqual([])
})

const forever = Number.POSITIVE_INFINITY
const pids = (found: {pid: number}[]) => found.map(({pid}) => pid)

test('descendants are found through those that live, and in circles only once', () => {
  const table = [
    {pid: 20, parent: 10, started: undefined},
    {pid: 30, parent: 20, started: undefined},
    {pid: 10, parent: 30, started: undefined},
    {pid: 40, parent: 99, started: undefined},
  ]
  expect(pids(descendantsOf(table, [{pid: 10, from: 0, until: forever}]))).toEqual([20, 30])
})

test('who is older than its parent, or younger than its parent’s end, is the child of another of that number', () => {
  const table = [
    {pid: 20, parent: 10, started: 500},
    {pid: 21, parent: 10, started: 1500},
    {pid: 22, parent: 10, started: 3000},
    {pid: 30, parent: 21, started: 1000},
    {pid: 31, parent: 21, started: 9000},
  ]
  expect(pids(descendantsOf(table, [{pid: 10, from: 1000, until: 2000}]))).toEqual([21, 31])
  expect(pids(descendantsOf(table, [{pid: 10, from: 1000, until: forever}]))).toEqual([21, 22, 31])
})

test('nobody is a child of itself, and the idle process is nobody’s', () => {
  const table = [
    {pid: 0, parent: 0, started: undefined},
    {pid: 10, parent: 10, started: undefined},
    {pid: 0, parent: 10, started: undefined},
  ]
  expect(descendantsOf(table, [{pid: 10, from: 0, until: forever}])).toEqual([])
})
