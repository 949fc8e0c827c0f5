import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/client';
import { aboutOf } from './queries';

/** useLimits is what the server takes, in bytes, and keeps, in days; undefined until it has said so. */
export function useLimits() {
  return useQuery({ ...aboutOf, staleTime: Number.POSITIVE_INFINITY }).data;
}

/** tooLarge refuses a file as the server would, before it is sent; null where it may be. */
export function tooLarge(file: File, max: number | undefined): ApiError | null {
  if (max === undefined || file.size <= max) return null;
  return new ApiError({ code: 'file.too_large', params: { maxMiB: max / 2 ** 20 } });
}
