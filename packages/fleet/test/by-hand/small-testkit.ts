// The two things of the testkit that scripts by hand need: the whole of it leads to secret-stack.
export { findPort } from '../../../../tooling/testkit/src/port.js'
export { until } from '../../../../tooling/testkit/src/until.js'
