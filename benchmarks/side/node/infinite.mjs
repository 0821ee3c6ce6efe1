import { InfiniteQueryObserver } from './core.mjs'
import { newClient } from './data.mjs'
import { isWanted, row, same } from './timing.mjs'

const PAGE = 25
const NEXT = 5
const page = (number) => ({ items: Array.from({ length: PAGE }, (_, i) => ({ id: number * PAGE + i, t: 'x' })) })

async function pages(size) {
  const names = [`infinite/fetch_next_page_at_${size}`, `infinite/refetch_${size}_pages`]
  if (!isWanted(...names)) return
  const client = newClient()
  let calls = 0
  const options = {
    queryKey: ['pages'],
    queryFn: async ({ pageParam }) => (calls++, page(pageParam)),
    initialPageParam: 0,
    getNextPageParam: (last, all, param) => param + 1,
    staleTime: Infinity,
  }
  const prepare = () => {
    const numbers = Array.from({ length: size }, (_, i) => i)
    client.setQueryData(['pages'], { pages: numbers.map(page), pageParams: numbers })
    calls = 0
  }
  prepare()
  const observer = new InfiniteQueryObserver(client, options)
  const unsubscribe = observer.subscribe(() => {})
  const prove = (count, wanted) => () => {
    const data = client.getQueryData(['pages'])
    same([data.pages.length, data.pageParams.at(-1), calls], [count, count - 1, wanted], 'pages, the last, calls')
    same(data.pages.at(-1), page(count - 1), 'the last page')
  }
  await row(
    names[0],
    async () => {
      for (let i = 0; i < NEXT; i++) await observer.fetchNextPage()
    },
    { times: 1, per: NEXT, prepare, prove: prove(size + NEXT, NEXT) },
  )
  await row(
    names[1],
    async () => {
      await observer.refetch()
    },
    { times: 1, per: size, prepare, prove: prove(size, size) },
  )
  unsubscribe()
  client.clear()
}

export default async function infinite() {
  for (const size of [10, 100]) await pages(size)
}
