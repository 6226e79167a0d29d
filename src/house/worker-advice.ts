/** What to do about each rule that a worker breaks, by the id of the check. */
export const advice: Readonly<Record<string, string>> = {
  handshake:
    'connect to the socket TOOL_IPC at once, and send initialize with TOOL_WORKER_ID and TOOL_WORKER_TOKEN as they are',
  patience: 'keep what you have to say until the answer to initialize was read',
  version:
    'compare the protocolVersion of the answer with your own, and close the connection if it is higher',
  refusal: 'take the end of the connection before the answer as the end of the program',
  unknown:
    'answer a request that you do not know with the error -32601; ignore such notifications and fields',
  'stray-answers': 'look an answer up by its id, and ignore it if nobody waits for it',
  compile:
    'send task/start, the diagnostics, task/finish and then the answer, all with the taskId of the request',
  again: 'read the inputs anew for each compile, and keep no result of the one before',
  'invalid-params': 'check the parameters first, and answer with the error -32602 if they do not fit',
  framing:
    'count bytes, not characters, and gather them until the whole frame is there, whatever portions come',
  flood: 'read while you compile: in another thread, or from an event loop',
  cancel: 'look between steps whether the request was cancelled, and then finish the task with status 3',
  oversized:
    'compare the Content-Length with 16,777,216 before you wait for the content, and close the connection',
  garbage: 'close the connection when the content of a frame can’t be parsed',
  shutdown: 'answer shutdown with null when all is done, go on running until exit, then end with code 0',
  'shutdown-busy': 'read while you compile, cancel what runs at shutdown, and then answer it',
  lost: 'take the end of the connection as the end of the program, and of all that it started',
  'lost-busy': 'read while you compile, so that the end of the connection is seen at once',
  serve: 'bind first, then report the port that the system gave; close the server at shutdown',
}
