import { queryOptions } from '@tanstack/react-query';
import { api, must, type Schemas } from '../../api/client';

type Draft = Schemas['PipelineDraft'];

export const pipelineOf = (id: string) =>
  queryOptions({
    queryKey: ['pipelines', id],
    queryFn: () => must(api.GET('/api/pipelines/{id}', { params: { path: { id } } })),
  });

/** previewOf tells what publishing would do to the deals at each stage. */
export const previewOf = (id: string, body: Draft) =>
  must(api.POST('/api/pipelines/{id}/preview', { params: { path: { id } }, body }));

export const publishPipeline = (id: string, body: Draft) =>
  must(api.POST('/api/pipelines/{id}/publish', { params: { path: { id } }, body }));

export const createPipeline = (body: Draft) => must(api.POST('/api/pipelines', { body }));
