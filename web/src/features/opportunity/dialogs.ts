import { later } from '../../ui/later';

// The dialogs about deals, wherever they are opened from: no page waits for one.
export const CreateDialog = later(() => import('./CreateDialog').then((m) => m.CreateDialog));
export const EvidenceDialog = later(() => import('./EvidenceDialog').then((m) => m.EvidenceDialog));
export const FollowUpDialog = later(() => import('./FollowUpDialog').then((m) => m.FollowUpDialog));
export const HandoverDialog = later(() => import('./HandoverDialog').then((m) => m.HandoverDialog));
export const MoveDialog = later(() => import('./MoveDialog').then((m) => m.MoveDialog));
