import {z} from 'zod'
import * as control from './control-protocol.ts'
import * as protocol from './protocol.ts'

const nothing = z.object({})
const cancelParams = z.object({id: z.union([z.int(), z.string()])})

export interface MessageDefinition {
  from: 'worker' | 'supervisor' | 'controller'
  to: 'worker' | 'supervisor' | 'controller'
  method: string
  params: z.ZodType
  /** Present: it is a request; absent: a notification. */
  result?: z.ZodType
}

const workerToSupervisor = {from: 'worker', to: 'supervisor'} as const
const supervisorToWorker = {from: 'supervisor', to: 'worker'} as const
const controllerToSupervisor = {from: 'controller', to: 'supervisor'} as const
const supervisorToController = {from: 'supervisor', to: 'controller'} as const

/** Every message of the protocol, for its page, its JSON Schemas and its tests. */
export const protocolMessages: readonly MessageDefinition[] = [
  {
    ...workerToSupervisor,
    method: 'initialize',
    params: protocol.initializeParams,
    result: protocol.initializeResult,
  },
  ...Object.entries(protocol.workerMessages).map(([method, params]) => ({
    ...workerToSupervisor,
    method,
    params,
  })),
  {
    ...supervisorToWorker,
    method: 'compile',
    params: protocol.compileParams,
    result: protocol.compileResult,
  },
  {...supervisorToWorker, method: 'files/changed', params: protocol.filesChangedParams},
  {...supervisorToWorker, method: 'shutdown', params: nothing, result: z.null()},
  {...supervisorToWorker, method: 'exit', params: nothing},
  {...supervisorToWorker, method: '$/cancelRequest', params: cancelParams},
  {
    ...controllerToSupervisor,
    method: 'initialize',
    params: protocol.controllerInitializeParams,
    result: control.controllerInitializeResult,
  },
  {...controllerToSupervisor, method: 'workers/list', params: nothing, result: control.workersListResult},
  {
    ...controllerToSupervisor,
    method: 'workers/spawn',
    params: protocol.spawnParams,
    result: control.workersSpawnResult,
  },
  {
    ...controllerToSupervisor,
    method: 'workers/shutdown',
    params: protocol.workerIdParams,
    result: control.workerOutcomeResult,
  },
  {...controllerToSupervisor, method: 'workers/restart', params: protocol.workerIdParams, result: nothing},
  {
    ...controllerToSupervisor,
    method: 'workers/logs',
    params: protocol.workersLogsParams,
    result: control.workersLogsResult,
  },
  {
    ...controllerToSupervisor,
    method: 'compile',
    params: protocol.compileWorkerParams,
    result: control.compileWorkerResult,
  },
  {...controllerToSupervisor, method: '$/cancelRequest', params: cancelParams},
  {
    ...controllerToSupervisor,
    method: 'diagnostics/snapshot',
    params: nothing,
    result: control.diagnosticsSnapshotResult,
  },
  {
    ...controllerToSupervisor,
    method: 'events/subscribe',
    params: protocol.subscribeParams,
    result: control.subscribeResult,
  },
  {
    ...controllerToSupervisor,
    method: 'project/run',
    params: protocol.projectRunParams,
    result: control.projectWorkersResult,
  },
  {
    ...controllerToSupervisor,
    method: 'project/restart',
    params: protocol.projectRestartParams,
    result: control.projectWorkersResult,
  },
  {...controllerToSupervisor, method: 'project/leave', params: nothing, result: nothing},
  {...controllerToSupervisor, method: 'supervisor/shutdown', params: nothing, result: nothing},
  {...supervisorToController, method: 'project/ended', params: nothing},
  {...supervisorToController, method: 'events/publish', params: control.publishEventParams},
]
