import { options, render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import './styles/colours.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/faceplate.css'
import './styles/slider.css'
import './styles/overview.css'
import './styles/lights.css'
import './styles/chassis.css'
import './styles/ports.css'
import './styles/timeline.css'
import './styles/table.css'
import './styles/peer.css'
import './styles/dialog.css'
import './styles/tabs.css'
import './styles/forced.css'
import { Link } from './link/link.js'
import { createSharedSource } from './link/shared.js'
import { App } from './parts/app.js'
import { Mirror } from './state/mirror.js'
import { applyTheme, readTheme } from './theme.js'
import { keepTitle } from './title.js'

// Messages are folded as they come, and painted once a frame: however many come in between.
options.debounceRendering = (paint) => requestAnimationFrame(() => paint())

applyTheme(readTheme())
const link = new Link(new Mirror(), createSharedSource(new URL('./', location.href).href))
keepTitle(link)
link.begin()
render(<App link={link} />, document.getElementById('root') as HTMLElement)
