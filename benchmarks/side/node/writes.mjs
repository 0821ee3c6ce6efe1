import { replaceEqualDeep } from './core.mjs'
import { item, items, newClient, typicalKey } from './data.mjs'
import { row, same } from './timing.mjs'

export default async function writes() {
  const client = newClient()
  const key = typicalKey()
  await row(
    'set_query_data/small',
    (times) => {
      for (let i = 0; i < times; i++) client.setQueryData(key, { id: i, name: 'item', done: false })
    },
    { prove: () => same(client.getQueryData(key), item(0), 'the data') },
  )
  // a third object: had the cache taken one of the two others as it is, half of the work would be done by identity
  client.setQueryData(['one changed'], items(1))
  const turns = [items(2), items(1)]
  let turn = 0
  await row(
    'set_query_data/list1000_one_changed',
    (times) => {
      for (let i = 0; i < times; i++) client.setQueryData(['one changed'], turns[turn++ % 2])
    },
    {
      prove: () => {
        const before = client.getQueryData(['one changed'])
        client.setQueryData(['one changed'], turns[turn++ % 2])
        const after = client.getQueryData(['one changed'])
        same(after.flatMap((x, i) => (x === before[i] ? [] : [i])), [500], 'what is not shared')
      },
    },
  )
  client.setQueryData(['equal'], items(1))
  const copy = items(1)
  await row(
    'set_query_data/list1000_equal_copy',
    (times) => {
      for (let i = 0; i < times; i++) client.setQueryData(['equal'], copy)
    },
    { prove: () => same(client.getQueryData(['equal']) === copy, false, 'whether the copy was taken') },
  )
  const sharing = (name, before, after) =>
    row(
      name,
      (times) => {
        let x
        for (let i = 0; i < times; i++) x = replaceEqualDeep(before, after)
        return void x
      },
      { prove: () => same(replaceEqualDeep(before, after), after, 'the value') },
    )
  await sharing('replace_equal_deep/list1000_one_changed', items(1), items(2))
  await sharing('replace_equal_deep/list1000_equal', items(1), items(1))
  await sharing('replace_equal_deep/small', item(1), item(2))
  const numbers = Array.from({ length: 1000 }, (_, i) => i)
  await sharing('replace_equal_deep/ints1000_one_changed', numbers, numbers.map((i) => (i === 500 ? -1 : i)))
  client.clear()
}
