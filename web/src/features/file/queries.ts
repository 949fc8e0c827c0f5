import { queryOptions } from '@tanstack/react-query';
import { api, must } from '../../api/client';
import type { attached, attachedBy } from '../../api/enums.gen';

export type Whose = (typeof attached)[number];
export type By = (typeof attachedBy)[number];

/** roomOf is how much one, or the company, has attached. */
export const roomOf = (of: Whose) =>
  queryOptions({
    queryKey: ['attachments', 'room', of],
    queryFn: ({ signal }) => must(api.GET('/api/attachments/room', { params: { query: { of } }, signal })),
  });

/** filesOf is a page of files by size, the largest first, or by age, the oldest first. */
export const filesOf = (of: Whose, sort: By, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['attachments', 'list', of, sort, cursor],
    queryFn: ({ signal }) =>
      must(
        api.GET('/api/attachments', {
          params: { query: { of, sort, desc: sort === 'size', ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    placeholderData: (old) => old,
  });
