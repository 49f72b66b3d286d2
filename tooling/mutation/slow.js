/** The tests that compute for seconds. */
export const SLOW = /(cost|promises|queue)\.test\.ts$/
