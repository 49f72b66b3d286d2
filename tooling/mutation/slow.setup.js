import { expect, vi } from 'vitest'
import { SLOW } from './slow.js'

// A mutant that changes nothing must not count as told because a test was slow on a busy machine.
if (SLOW.test(expect.getState().testPath ?? '')) vi.setConfig({ testTimeout: 60_000 })
