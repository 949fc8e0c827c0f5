import { queryOptions } from '@tanstack/react-query';
import { api, must } from '../../api/client';
import type { Query } from '../../ui/address';

export const trendOf = (q: Query) =>
  queryOptions({
    queryKey: ['analysis', 'trend', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/trend', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

export const rivalsOf = (q: Query) =>
  queryOptions({
    queryKey: ['analysis', 'rivals', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/rivals', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

export const reasonsOf = (q: Query) =>
  queryOptions({
    queryKey: ['analysis', 'reasons', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/reasons', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

export const cohortsOf = (q: Query) =>
  queryOptions({
    queryKey: ['analysis', 'cohorts', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/cohorts', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });

export const forecastOf = (q: Query) =>
  queryOptions({
    queryKey: ['analysis', 'forecast', q],
    queryFn: ({ signal }) => must(api.GET('/api/reports/forecast', { params: { query: q as never }, signal })),
    placeholderData: (old) => old,
  });
