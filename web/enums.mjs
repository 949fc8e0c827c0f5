// Writes the lists the API's document states, those the screens offer, under the names the screens know them by.
import { readFileSync, writeFileSync } from 'node:fs';

const named = {
  changeKinds: 'ChangeChangeBody.kind',
  channels: 'FollowupFollowBody.channel',
  contactRoles: 'OpportunityDealContact.role',
  deskDecisions: 'DeskMarkBody.decision',
  dealStates: 'OpportunityOppBody.state',
  attached: 'GET /api/attachments of',
  attachedBy: 'GET /api/attachments sort',
  evidenceKinds: 'PipelineMilestone.evidence',
  exportFormats: 'GET /api/exports/accounts format',
  fieldTypes: 'DefineFieldRequest.type',
  forecastCategories: 'PipelineStage.forecastCategory',
  guidanceBoxes: 'GET /api/guidance box',
  guidanceFigures: 'GET /api/guidance-measures/notes measure',
  guidanceKinds: 'GuidanceNoteBody.kind',
  taskParts: 'TaskPartyBody.part',
  holidayWays: 'TaskRepeatBody.holidays',
  happenings: 'GET /api/opportunities/{id}/timeline only',
  knowledges: 'FunnelReport.knowledge',
  lookedAt: 'GuidanceToLookBody.news',
  locales: 'SetUpRequest.locale',
  mergeKinds: 'AccountMergeBody.kind',
  outcomes: 'AuditItem.outcome',
  phases: 'OpportunityPhaseStay.phase',
  reaches: 'OrgReachBody.read',
  recordKinds: 'DefineFieldRequest.record',
  shareKinds: 'OpportunityShare.kind',
  stageKinds: 'PipelineStage.kind',
  leaveKinds: 'WorktimeAbsenceIn.kind',
  patterns: 'WorktimeWayBody.pattern',
  noticeWays: 'OutgoingChoice.answers',
  mailSecurities: 'OutgoingSettingAnswer.security',
  robotKinds: 'OutgoingRobotBody.kind',
  outgoingStates: 'GET /api/outgoing state',
  aroundAnswers: 'AnswerAskAroundRequest.answer',
  tieDirections: 'NoteTieRequest.direction',
  backgroundSeen: 'SetMyBackgroundRequest.visibility',
  workCalendars: 'OrgSettingsBody.workCalendar',
  sightingKinds: 'CompetitorSightingBody.kind',
  sightingSources: 'CompetitorSightingBody.source',
};

const { paths, components } = JSON.parse(readFileSync('../docs/openapi.json', 'utf8'));

function stated(at) {
  const [method, path, name] = at.split(' ');
  if (name) return paths[path]?.[method.toLowerCase()]?.parameters.find((p) => p.name === name)?.schema.enum;
  const [schema, field] = at.split('.');
  const of = components.schemas[schema]?.properties?.[field];
  return of?.enum ?? of?.items?.enum;
}

function written(name, at) {
  const list = stated(at);
  if (!list) throw new Error(`docs/openapi.json states no list of ${at}`);
  return `export const ${name} = [${list.map((x) => `'${x}'`).join(', ')}] as const;\n`;
}

const lines = Object.entries(named).map(([name, at]) => written(name, at));
writeFileSync('src/api/enums.gen.ts', `// Written by \`npm run generate\` from docs/openapi.json.\n${lines.join('')}`);
