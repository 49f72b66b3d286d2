import { library } from '@conn-hub/build'

export default library()
