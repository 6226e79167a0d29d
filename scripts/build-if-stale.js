import {buildIfStale} from './build.js'

buildIfStale(process.execPath)
