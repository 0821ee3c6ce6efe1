import { hashKey, partialMatchKey } from './core.mjs'
import { typicalKey } from './data.mjs'
import { row, same } from './timing.mjs'

export default async function keys() {
  const hashing = (name, key) =>
    row(
      name,
      (times) => {
        let x
        for (let i = 0; i < times; i++) x = hashKey(key)
        return void x
      },
      { prove: () => same(hashKey(key), hashKey([...key]), 'the hash of an equal key') },
    )
  await hashing('hash_key/typical', typicalKey())
  await hashing('hash_key/flat', ['todos', 5])
  await hashing('hash_key/nested', ['todos', 'list', { page: 1, filter: 'done', sort: { by: 'name', dir: 'asc' } }, 7])
  const key = typicalKey()
  const part = ['/projects/', { query: { cursor: 'x' } }]
  await row(
    'partial_match_key/typical',
    (times) => {
      let x
      for (let i = 0; i < times; i++) x = partialMatchKey(key, part)
      return void x
    },
    { prove: () => same(partialMatchKey(key, part), true, 'whether the parts match') },
  )
}
