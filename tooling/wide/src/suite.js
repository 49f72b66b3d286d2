/**
 * A suite installs what it needs, and gives its cases.
 *
 * @typedef {(workshop: import('./consumer.js').Workshop) => Promise<import('./cases.js').Case[]>} Suite
 */

export {}
