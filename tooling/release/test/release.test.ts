import { describe, expect, it } from 'vitest'
import { problemsOf } from '../src/contents.js'
import { readRepository } from '../src/owner.js'
import { toPublished, withAbsoluteLinks } from '../src/published.js'

const repository = readRepository({ repository: 'https://github.com/them/hub.git' })

describe('the address of the repository', () => {
  it('is asked for by name where there is none', () => {
    expect(() => readRepository({})).toThrow(
      /^NO_REPOSITORY: Write .*"https:\/\/github.com\/OWNER\/NAME"/,
    )
  })

  it.each(['them/hub', 'https://example.com/them/hub', 'https://github.com/them', 7])(
    'is refused where it is %j',
    (given) => {
      expect(() => readRepository({ repository: given })).toThrow('NO_REPOSITORY')
    },
  )

  it('goes into each package, with what the registry shows', () => {
    expect(toPublished({ name: 'a', version: '1.0.0' }, repository, 'packages/a')).toEqual({
      name: 'a',
      version: '1.0.0',
      homepage: 'https://github.com/them/hub/tree/main/packages/a#readme',
      bugs: 'https://github.com/them/hub/issues',
      repository: {
        type: 'git',
        url: 'git+https://github.com/them/hub.git',
        directory: 'packages/a',
      },
      publishConfig: { access: 'public', provenance: true },
    })
  })
})

describe('the links of a README', () => {
  it.each([
    [
      '![a](pictures/a.png)',
      '![a](https://raw.githubusercontent.com/them/hub/main/packages/a/pictures/a.png)',
    ],
    [
      '[b](../b/README.md#use)',
      '[b](https://github.com/them/hub/blob/main/packages/b/README.md#use)',
    ],
    ['[c](https://example.com/c)', '[c](https://example.com/c)'],
    ['[d](#here)', '[d](#here)'],
    ['`list[0](x)`', '`list[0](x)`'],
  ])('%s becomes %s', (given, expected) => {
    expect(withAbsoluteLinks(given, repository, 'packages/a')).toBe(expected)
  })
})

describe('what is in a package', () => {
  const good = () =>
    new Map([
      ['package.json', '{ "version": "1.0.0" }'],
      ['README.md', ''],
      ['LICENSE', ''],
      ['CHANGELOG.md', '# Changelog\n\n## 1.0.0\n\nNew.\n\n## 0.1.0\n'],
      ['dist/index.js.map', JSON.stringify({ sources: ['../src/index.ts'] })],
      ['src/index.ts', ''],
    ])

  it('is right', () => expect(problemsOf(good())).toEqual([]))

  it.each([
    ['LICENSE is missing', (files: Map<string, string>) => files.delete('LICENSE')],
    ['test/a.test.ts is in it', (files: Map<string, string>) => files.set('test/a.test.ts', '')],
    [
      'dist/index.js.map leads to src/index.ts, which is not in it',
      (files: Map<string, string>) => files.delete('src/index.ts'),
    ],
    [
      'CHANGELOG.md begins with Next, and this is 1.0.0',
      (files: Map<string, string>) =>
        files.set('CHANGELOG.md', '# Changelog\n\n## Next\n\n## 1.0.0\n'),
    ],
    [
      'a dependency is "workspace:"',
      (files: Map<string, string>) =>
        files.set('package.json', '{"version": "1.0.0", "a": "workspace:^"}'),
    ],
  ])('is refused: %s', (problem, change) => {
    const files = good()
    change(files)
    expect(problemsOf(files)).toEqual([problem])
  })
})
