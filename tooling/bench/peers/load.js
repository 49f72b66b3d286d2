/**
 * Loads a package of this folder. The workspace does not have them: they are installed when benchmarks run.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
export const load = (name) => import(name)
