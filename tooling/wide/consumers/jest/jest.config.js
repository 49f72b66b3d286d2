// All that modern fake timers fake, `queueMicrotask` and `process.nextTick` too.
module.exports = { fakeTimers: { enableGlobally: true } }
