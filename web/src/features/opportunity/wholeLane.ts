/** wholeLane is the list of all a lane of the board counts: by the same filters, in the board's order. */
export function wholeLane(params: URLSearchParams, pipelineId: string, stageId: string): string {
  const p = new URLSearchParams(params);
  p.set('pipeline', pipelineId);
  p.set('stage', stageId);
  p.set('state', 'open');
  p.set('sort', 'amount');
  p.set('desc', 'true');
  return `/opportunities?${p}`;
}
