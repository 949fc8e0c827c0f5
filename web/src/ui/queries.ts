import { queryOptions } from '@tanstack/react-query';
import { api, must } from '../api/client';

/** aboutOf is which program this is and what it takes. */
export const aboutOf = queryOptions({ queryKey: ['about'], queryFn: () => must(api.GET('/api/about')) });

/** aboutNow is how its backups fare, asked anew by whoever looks. */
export const aboutNow = queryOptions({ queryKey: ['about', 'now'], queryFn: () => must(api.GET('/api/about')) });
