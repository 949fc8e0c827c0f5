import { later } from '../../ui/later';

export const Records = later(() => import('./Records').then((m) => m.Records));
