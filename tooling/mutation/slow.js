/** The tests that compute for seconds. */
export const SLOW = /(cost|linear|promises|queue)\.test\.ts$/
