import { useQuery } from '@tanstack/react-query';
import { api, must } from '../../api/client';
import type { funnelQuestion } from './questions';

/** useFunnel is the report of the funnel. */
export function useFunnel(q: ReturnType<typeof funnelQuestion>) {
  return useQuery({
    queryKey: ['funnel', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/funnel', { params: { query: q as never }, signal })),
    enabled: !!q.pipeline,
    placeholderData: (old) => old,
  });
}
