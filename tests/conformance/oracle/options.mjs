/** Option vocabulary: scenario name -> [query-core name, kind]. */

/** kinds: plain (as is), num (number | "inf" | literal | function), fn (value | function) */
export const QUERY_OPTIONS = {
  retry: ['retry', 'num'],
  retry_delay: ['retryDelay', 'num'],
  network_mode: ['networkMode', 'network_mode'],
  gc_time: ['gcTime', 'num'],
  initial_data: ['initialData', 'fn'],
  initial_data_updated_at: ['initialDataUpdatedAt', 'num'],
  structural_sharing: ['structuralSharing', 'plain'],
  meta: ['meta', 'plain'],
  max_pages: ['maxPages', 'plain'],
  pages: ['pages', 'plain'],
  initial_page_param: ['initialPageParam', 'plain'],
  next_page: ['getNextPageParam', 'fn'],
  prev_page: ['getPreviousPageParam', 'fn'],
  enabled: ['enabled', 'num'],
  stale_time: ['staleTime', 'num'],
  refetch_interval: ['refetchInterval', 'num'],
  refetch_interval_in_background: ['refetchIntervalInBackground', 'plain'],
  refetch_on_window_focus: ['refetchOnWindowFocus', 'num'],
  refetch_on_reconnect: ['refetchOnReconnect', 'num'],
  refetch_on_mount: ['refetchOnMount', 'num'],
  retry_on_mount: ['retryOnMount', 'plain'],
  notify_on_change_props: ['notifyOnChangeProps', 'props'],
  throw_on_error: ['throwOnError', 'plain'],
  select: ['select', 'fn'],
  placeholder_data: ['placeholderData', 'fn'],
  optimistic: ['_optimisticResults', 'optimistic'],
  revalidate_if_stale: ['revalidateIfStale', 'plain'],
}
export const MUTATION_OPTIONS = {
  retry: ['retry', 'num'],
  retry_delay: ['retryDelay', 'num'],
  network_mode: ['networkMode', 'network_mode'],
  gc_time: ['gcTime', 'num'],
  meta: ['meta', 'plain'],
}
export const MUTATION_CALLBACKS = { on_mutate: 'onMutate', on_success: 'onSuccess', on_error: 'onError', on_settled: 'onSettled' }
export const CALLBACK_ACTIONS = ['cancel', 'snapshot', 'set', 'rollback', 'invalidate']
export const NETWORK_MODES = { online: 'online', always: 'always', offline_first: 'offlineFirst' }
export const OPTIMISTIC = { optimistic: 'optimistic', restoring: 'isRestoring' }
export const QUERY_SPECIAL = ['fn', 'infinite', 'consume_signal', 'persister']
export const MUTATION_SPECIAL = ['fn', 'key', 'scope', ...Object.keys(MUTATION_CALLBACKS)]
