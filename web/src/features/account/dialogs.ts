import { later } from '../../ui/later';

export const AccountForm = later(() => import('./AccountForm').then((m) => m.AccountForm));
export const ContactDialog = later(() => import('./ContactDialog').then((m) => m.ContactDialog));
export const MergeDialog = later(() => import('./MergeDialog').then((m) => m.MergeDialog));
export const TwinsList = later(() => import('./Twins').then((m) => m.TwinsList));
