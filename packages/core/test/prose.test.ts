import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const src = new URL('../src/', import.meta.url)
const files = (await readdir(src, { recursive: true })).filter((file) => file.endsWith('.ts'))
const sourceOf = async (file: string) =>
  ts.createSourceFile(
    file,
    await readFile(new URL(file, src), 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  )

const hasProse = (node: ts.Node): boolean =>
  ts.getJSDocCommentsAndTags(node).some((doc) => ts.isJSDoc(doc) && doc.comment !== undefined)

/** The members of each public interface, and of each public class. */
const membersOf = (source: ts.SourceFile) => {
  const members: { readonly name: string; readonly member: ts.Node }[] = []
  source.forEachChild((node) => {
    const isModel = source.fileName.startsWith('model/')
    const isClass = isModel && ts.isClassDeclaration(node)
    if (!isClass && !ts.isInterfaceDeclaration(node)) return
    // In the other rooms, what is not exported is nobody's business.
    if (!isModel && !ts.getModifiers(node as ts.InterfaceDeclaration)?.length) return
    const list: readonly ts.Node[] = node.members
    for (const member of list) {
      if (ts.isCallSignatureDeclaration(member) || ts.isConstructorDeclaration(member)) continue
      const { name } = member as ts.TypeElement
      const isOwn = !name || ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name)
      if (!isOwn) members.push({ name: `${node.name?.text}.${name.getText()}`, member })
    }
  })
  return members
}

const MODEL = files.filter((file) => file.startsWith('model/'))
const PUBLIC = [...MODEL, 'edges/acceptor.ts', 'edges/decorate.ts', 'views/view.ts'].concat([
  'views/create-view.ts',
  'views/change-log.ts',
  'views/options.ts',
])

describe('the prose of what is public', () => {
  it.each(PUBLIC)('is on every member of %s', async (file) => {
    const bare = membersOf(await sourceOf(file))
      .filter(({ member }) => !hasProse(member))
      .map(({ name }) => name)
    expect(bare).toEqual([])
  })

  it('is on every member of what an author of a transport or of an app writes or reads', async () => {
    const all = await Promise.all(MODEL.map(sourceOf))
    const names = all.flatMap(membersOf).map(({ name }) => name.split('.')[0])
    for (const name of ['Hub', 'Transport', 'DialAttempt', 'HubSide', 'Session', 'Refusal']) {
      expect(names).toContain(name)
    }
    for (const name of ['EventBase', 'ConnectedEvent', 'DisconnectedEvent', 'SessionClosed']) {
      expect(names).toContain(name)
    }
    expect(names.length).toBeGreaterThan(90)
  })

  it('is on every name that the package exports', async () => {
    const program = ts.createProgram(
      [fileURLToPath(new URL('index.ts', src)), fileURLToPath(new URL('views/index.ts', src))],
      { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, types: [] },
    )
    const checker = program.getTypeChecker()
    const bare = program.getRootFileNames().flatMap((file) => {
      const source = program.getSourceFile(file)
      const module = source && checker.getSymbolAtLocation(source)
      if (!module) throw new Error(`${file} is no module`)
      return checker.getExportsOfModule(module).flatMap((symbol) => {
        const target =
          symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
        return target.getDocumentationComment(checker).length > 0 ? [] : [symbol.name]
      })
    })
    expect(bare).toEqual([])
  })
})
