import { queryOptions } from '@tanstack/react-query';
import { api, must } from '../../api/client';

/** namesakesOf are the people of an account who are called so, asked before another is written down beside them. */
export const namesakesOf = (account: string, name: string) =>
  queryOptions({
    queryKey: ['contacts', 'called', account, name],
    queryFn: async () => (await must(api.GET('/api/contact-name', { params: { query: { name, account } } }))).people,
    staleTime: 0,
  });
