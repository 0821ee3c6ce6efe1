import { newClient } from './data.mjs'
import { row, same } from './timing.mjs'

export default async function queryDefaults() {
  for (const size of [0, 10, 100]) {
    const client = newClient()
    const key = ['x', 5]
    for (let i = 0; i < size; i++) client.setQueryDefaults(['d', i], { staleTime: i })
    client.setQueryData(key, 1)
    await row(
      `query_defaults/get_with_${size}_registered`,
      (times) => {
        let x
        for (let i = 0; i < times; i++) x = client.getQueryData(key)
        return void x
      },
      { prove: () => same(client.getQueryData(key), 1, 'the data') },
    )
    client.clear()
  }
}
