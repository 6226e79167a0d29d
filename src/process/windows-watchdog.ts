// The watchdog of one supervisor on Windows, a main program: kills what the supervisor leaves behind, however it ended.
//   windows-watchdog.js ID [PID:BEGAN]...
// PID is a process that the supervisor started, BEGAN when, in ms since the epoch. The input is a pipe that only the
// supervisor holds; the lines on it are those that shell/watchdog.sh reads, whose part this has there.
import {createInterface} from 'node:readline'
import {stopTrees} from './process-tree.ts'

const [, , _id, ...there] = process.argv
const began = new Map(there.map(one => one.split(':').map(Number) as [pid: number, began: number]))

createInterface({input: process.stdin})
  .on('line', line => {
    const [word, pid, time] = line.split(' ')
    if (word === '+') began.set(Number(pid), Number(time))
    if (word === '-') began.delete(Number(pid))
  })
  .on('close', () => stopTrees([...began].map(([pid, time]) => ({pid, began: time}))))
