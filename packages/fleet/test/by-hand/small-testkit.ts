// What scripts by hand need of the testkit: the whole of it leads to secret-stack.
export { chanceOf } from '../../../../tooling/testkit/src/chance.js'
export { findPort } from '../../../../tooling/testkit/src/port.js'
export { until } from '../../../../tooling/testkit/src/until.js'
