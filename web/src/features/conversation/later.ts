import { later } from '../../ui/later';

export const Conversation = later(() => import('./Conversation').then((m) => m.Conversation));
