// What both programs here do: real parts, with times short enough to wait for, that obey and report over IPC.

/** ssb-conn pings every 5 minutes, as a number in its code: the very pull-ping, with a shorter one. */
exports.pingEvery = (ms, requireOfConn) => {
  const path = requireOfConn.resolve('pull-ping')
  const ping = requireOfConn(path)
  require.cache[path].exports = (options, callback) => ping({ ...options, timeout: ms }, callback)
}

exports.tell = (message) => process.connected && process.send(message)

exports.obey = (calls) => {
  process.on('message', async ({ id, call, options }) => {
    try {
      exports.tell({ id, value: await calls[call](options ?? {}) })
    } catch (error) {
      exports.tell({ id, error: error.message })
    }
  })
  // A parent that is gone takes its programs along.
  process.on('disconnect', () => process.exit(0))
}
