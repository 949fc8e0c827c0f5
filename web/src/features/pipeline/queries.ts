import { api, must, type Schemas } from '../../api/client';

type Draft = Schemas['PipelineDraft'];

/** previewOf tells what publishing would do to the deals at each stage. */
export const previewOf = (id: string, body: Draft) =>
  must(api.POST('/api/pipelines/{id}/preview', { params: { path: { id } }, body }));

export const publishPipeline = (id: string, body: Draft) =>
  must(api.POST('/api/pipelines/{id}/publish', { params: { path: { id } }, body }));

export const createPipeline = (body: Draft) => must(api.POST('/api/pipelines', { body }));
