/** @type {import('../src/suite.js').Suite} */
export const override = async () => []
