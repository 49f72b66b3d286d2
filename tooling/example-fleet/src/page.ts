/** Three columns, one for each server. */
export const page = `<!doctype html>
<meta charset="utf-8">
<title>A fleet</title>
<style>body { font: 16px system-ui } main { display: flex } section { flex: 1 }</style>
<h1>Who is connected where</h1>
<p id="state"></p>
<main></main>
<p>Kill one: its people go to the next server at once, and what it had vanishes when its lease of 3 s ends.</p>
<script>
  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text })
  new EventSource('/events').onmessage = ({ data }) => {
    const { state, machines } = JSON.parse(data)
    document.querySelector('#state').textContent = 'This page is ' + state + '.'
    document.querySelector('main').replaceChildren(...machines.map(({ name, isUp, peers }) => {
      const section = make('section')
      section.id = name
      const button = make('button', isUp ? 'kill' : 'start')
      button.onclick = () => fetch('/' + button.textContent + '?name=' + name, { method: 'POST' })
      const list = make('ul')
      list.append(...peers.map((peer) => make('li', peer)))
      section.append(make('h2', name), button, list)
      return section
    }))
  }
</script>
`
