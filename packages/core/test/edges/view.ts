export { createView } from '@conn-hub/core/view'
