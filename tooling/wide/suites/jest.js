/** @type {import('../src/suite.js').Suite} */
export const jest = async () => []
