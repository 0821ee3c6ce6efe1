/** Query, mutation and result objects as the plain records that a trace shows. */
import { clone, errorName } from './values.mjs'

export function snapshotQuery(query) {
  const s = query.state
  return {
    key: query.queryKey,
    status: s.status,
    fetch_status: s.fetchStatus,
    data: s.data,
    data_updated_at: s.dataUpdatedAt,
    data_update_count: s.dataUpdateCount,
    error: errorName(s.error),
    error_updated_at: s.errorUpdatedAt,
    error_update_count: s.errorUpdateCount,
    failure_count: s.fetchFailureCount,
    failure_reason: errorName(s.fetchFailureReason),
    is_invalidated: s.isInvalidated,
    is_stale: query.isStale(),
    is_active: query.isActive(),
    is_disabled: query.isDisabled(),
    observers: query.getObserversCount(),
    fetch_direction: s.fetchMeta?.fetchMore?.direction ?? null,
  }
}

export function snapshotResult(r, infinite) {
  const out = {
    status: r.status,
    fetch_status: r.fetchStatus,
    data: r.data,
    data_updated_at: r.dataUpdatedAt,
    error: errorName(r.error),
    error_updated_at: r.errorUpdatedAt,
    error_update_count: r.errorUpdateCount,
    failure_count: r.failureCount,
    failure_reason: errorName(r.failureReason),
    is_enabled: r.isEnabled,
    is_error: r.isError,
    is_fetched: r.isFetched,
    is_fetched_after_mount: r.isFetchedAfterMount,
    is_fetching: r.isFetching,
    is_loading: r.isLoading,
    is_loading_error: r.isLoadingError,
    is_paused: r.isPaused,
    is_pending: r.isPending,
    is_placeholder_data: r.isPlaceholderData,
    is_refetch_error: r.isRefetchError,
    is_refetching: r.isRefetching,
    is_stale: r.isStale,
    is_success: r.isSuccess,
  }
  if (infinite) {
    Object.assign(out, {
      has_next_page: r.hasNextPage,
      has_previous_page: r.hasPreviousPage,
      is_fetching_next_page: r.isFetchingNextPage,
      is_fetching_previous_page: r.isFetchingPreviousPage,
      is_fetch_next_page_error: r.isFetchNextPageError,
      is_fetch_previous_page_error: r.isFetchPreviousPageError,
    })
  }
  return out
}

export function snapshotMutation(m) {
  const s = m.state
  return {
    id: m.mutationId,
    key: m.options.mutationKey,
    scope: m.options.scope?.id ?? null,
    status: s.status,
    is_paused: s.isPaused,
    data: s.data,
    error: errorName(s.error),
    failure_count: s.failureCount,
    failure_reason: errorName(s.failureReason),
    variables: s.variables,
    context: s.context,
    submitted_at: s.submittedAt,
  }
}

export function snapshotMutationResult(r) {
  return {
    status: r.status,
    data: r.data,
    error: errorName(r.error),
    variables: r.variables,
    failure_count: r.failureCount,
    is_idle: r.isIdle,
    is_pending: r.isPending,
    is_paused: r.isPaused,
    is_success: r.isSuccess,
    is_error: r.isError,
  }
}

export const brief = (r) => ({ status: r.status, fetch_status: r.fetchStatus, data: clone(r.data), error: errorName(r.error) })

export function showDehydratedQuery(q) {
  return {
    key: q.queryKey,
    status: q.state.status,
    data: clone(q.state.data),
    data_updated_at: q.state.dataUpdatedAt,
    dehydrated_at: q.dehydratedAt,
    has_promise: q.promise !== undefined,
    infinite: q.queryType === 'infinite',
  }
}
export const showDehydratedMutation = (m) => ({
  key: m.mutationKey,
  status: m.state.status,
  is_paused: m.state.isPaused,
  variables: clone(m.state.variables),
  scope: m.scope?.id,
})
