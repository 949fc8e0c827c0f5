import { later } from '../../ui/later';

export const AccountForm = later(() => import('./AccountForm').then((m) => m.AccountForm));
export const ContactDialog = later(() => import('./ContactDialog').then((m) => m.ContactDialog));
