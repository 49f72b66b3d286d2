/** @type {import('../src/suite.js').Suite} */
export const samples = async () => []
