import { ConnHub } from './conn-hub.js'

export = ConnHub
